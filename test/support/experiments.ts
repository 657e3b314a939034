import { type Draft, type Experiment, experimentSchema } from '../../extension/protocol/experiment';

/** A whole experiment on a file with columns `time` and `y`, to be changed where a test needs it otherwise. */
export function experimentOn(
  data: Partial<Experiment['data']>,
  { task = 'forecast', model, training }: Pick<Draft, 'task' | 'model' | 'training'> = {},
): Experiment {
  return experimentSchema.parse({
    version: 1,
    name: 'test',
    task,
    data: {
      path: 'y.csv',
      time: null,
      target: 'y',
      features: [],
      missing: 'forwardFill',
      transform: 'none',
      scaler: 'standard',
      split: { validation: 0.2, test: 0.2 },
      lookback: 3,
      horizon: 2,
      season: null,
      ...data,
    },
    model: { layers: [{ cell: 'lstm', hidden: 4 }], anchor: 'none', ...model },
    training: {
      epochs: 1,
      batch: 4,
      loss: { name: 'mse' },
      optimizer: { name: 'adam', learningRate: 0.01, momentum: 0 },
      clipNorm: 1,
      seed: 1,
      ...training,
    },
    device: { provider: 'cpu', threads: 1 },
  });
}
