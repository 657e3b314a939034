import path from 'node:path';
import { readMetadata } from '../../core/onnx/metadata';
import { timesAfter } from '../../data/calendar';
import { scaleValue, unscaleValue } from '../../data/scaling';
import { loadHistory } from '../../data/series';
import type { Prediction } from '../../protocol/engine';
import { UnrollError } from '../../protocol/errors';
import { runForecaster } from '../export/forecasts';
import { decodeMetadata } from '../export/metadata';
import { withSession } from '../session/session';
import { inspectionDevice, modelPath, readModel } from './modelFile';

/**
 * Forecasts what follows the last row of a data file. How the numbers are scaled is taken from the model file alone.
 * @param model a run folder or an .onnx file that Unroll exported.
 */
export async function predict(model: string, dataFile: string): Promise<Prediction> {
  const file = modelPath(model);
  const bytes = readModel(file);
  const metadata = decodeMetadata(readMetadata(bytes), file);
  const { columns, scaler, lookback, horizon, target, time, missing } = metadata;
  const history = await loadHistory(path.resolve(dataFile), columns, time, missing);
  if (history.rows < lookback) {
    throw new UnrollError(
      'data',
      '{0} has {1} rows and the model reads the last {2}; give it more of the past.',
      dataFile,
      history.rows,
      lookback,
    );
  }
  const window = new Float32Array(lookback * columns.length);
  for (const [feature, column] of history.columns.entries()) {
    const scale = scaler[feature];
    if (scale === undefined) continue;
    for (let step = 0; step < lookback; step++) {
      const value = column.values[history.rows - lookback + step] ?? Number.NaN;
      window[step * columns.length + feature] = scaleValue(scale, value);
    }
  }
  const scaled = await withSession(bytes, inspectionDevice, (session) =>
    runForecaster(session, window, [1, lookback, columns.length]),
  );
  const [targetScaler] = scaler;
  return {
    target,
    time: history.time === null ? null : timesAfter(history.time, horizon),
    forecast: Array.from(scaled, (value) => (targetScaler === undefined ? value : unscaleValue(targetScaler, value))),
  };
}
