import { exportModel } from '../../core/model/exportModel';
import type { Parameters } from '../../core/model/parameters';
import { type ModelSpec, modelSpec } from '../../core/model/spec';
import { judgeAnswers } from '../../data/judging/judgeAnswers';
import { judgeForecast } from '../../data/judging/judgeForecast';
import type { PreparedData } from '../../data/prepared';
import type { Experiment } from '../../protocol/experiment';
import type { Report } from '../../protocol/run';
import { writeReport } from '../runs/readRun';
import { runFiles } from '../runs/runFolder';
import { writeAtomic } from '../runs/storage';
import { type Device, type Session, withSession } from '../session/session';
import { answerPart, batchLast } from './answers';
import { forecastAll } from './forecasts';
import { encodeMetadata, modelMetadata } from './metadata';
import { writePredictions } from './predictions';
import { type Judged, makeReport } from './report';
import { predictedLines } from './sequencePredictions';
import { translationSamples } from './translationSamples';

/** The model file of trained parameters: fused operators, and in its metadata how raw data is read for it. */
export function modelFile(experiment: Experiment, data: PreparedData, parameters: Parameters): Uint8Array {
  const spec = modelSpec(experiment, data.shape);
  return exportModel(spec, parameters, encodeMetadata(modelMetadata(experiment, spec, data)));
}

/**
 * Ends a run: model.onnx, then predictions.csv and report.json from what that very file answers. The report comes last, so a run
 * that has one is complete, and a run that is killed before does this part again.
 */
export async function finishRun(
  dir: string,
  experiment: Experiment,
  data: PreparedData,
  parameters: Parameters,
  trained: { readonly device: Device; readonly bestEpoch: number; readonly seconds: number },
): Promise<Report> {
  const files = runFiles(dir);
  const spec = modelSpec(experiment, data.shape);
  const model = modelFile(experiment, data, parameters);
  writeAtomic(files.model, [model], true);
  const { device, bestEpoch, seconds } = trained;
  const judged = await withSession(model, device, (session) =>
    writeAnswers(files.predictions, session, spec, experiment, data),
  );
  const report = makeReport({ data, judged, provider: device.provider, bestEpoch, seconds });
  writeReport(dir, report);
  return report;
}

/** Writes predictions.csv and answers what the test part comes to, beside the baselines. */
async function writeAnswers(
  file: string,
  session: Session,
  spec: ModelSpec,
  experiment: Experiment,
  data: PreparedData,
): Promise<Judged['judged']> {
  if (data.task === 'forecast') {
    const { answered } = data;
    const forecasts = await forecastAll(session, spec, answered);
    writePredictions(file, experiment, answered, forecasts);
    return judgeForecast(answered, forecasts.test, forecasts.intervals, experiment.training.seed);
  }
  const { header, lines } = predictedLines(data);
  const judge = data.judge('test');
  const samples = translationSamples(data);
  const chunks = [Buffer.from(header)];
  let written = 0;
  for await (const answered of answerPart(session, spec, data, 'test')) {
    judge.add(answered.indices, answered.indices.length, batchLast(answered), answered.indices.length);
    samples.add(answered);
    const more = lines(answered, written);
    written += more.length;
    chunks.push(Buffer.from(more.join('')));
  }
  writeAtomic(file, chunks);
  return { ...judgeAnswers(data, judge, experiment.training.seed), ...judge.results?.(), ...samples.results() };
}
