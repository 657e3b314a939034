import { exportModel } from '../../core/model/exportModel';
import type { Parameters } from '../../core/model/parameters';
import { forecasterSpec } from '../../core/model/spec';
import type { PreparedData } from '../../data/windows';
import type { Experiment } from '../../protocol/experiment';
import type { Report } from '../../protocol/run';
import { writeReport } from '../runs/readRun';
import { runFiles } from '../runs/runFolder';
import { writeAtomic } from '../runs/storage';
import { type Device, withSession } from '../session/session';
import { forecastAll } from './forecasts';
import { encodeMetadata, forecasterMetadata } from './metadata';
import { writePredictions } from './predictions';
import { makeReport } from './report';

/** The model file of trained parameters: fused operators, and in its metadata how raw numbers are scaled for it. */
export function modelFile(experiment: Experiment, data: PreparedData, parameters: Parameters): Uint8Array {
  const metadata = encodeMetadata(forecasterMetadata(experiment, data));
  return exportModel(forecasterSpec(experiment), parameters, metadata);
}

/**
 * Ends a run: model.onnx, then predictions.csv and report.json from what that very file forecasts. The report comes last, so a run
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
  const model = modelFile(experiment, data, parameters);
  writeAtomic(files.model, [model], true);
  const { device, bestEpoch, seconds } = trained;
  const forecasts = await withSession(model, device, (session) => forecastAll(session, data));
  writePredictions(files.predictions, experiment, data, forecasts);
  const report = makeReport({ experiment, data, forecasts, provider: device.provider, bestEpoch, seconds });
  writeReport(dir, report);
  return report;
}
