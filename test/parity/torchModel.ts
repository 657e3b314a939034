import type { ModelSpec } from '../../extension/core/model/spec';
import type { CellName, LossName } from '../../extension/protocol/experiment';
import { layerOf, specOf } from '../support/specs';
import type { Reference, ReferenceConfig } from './referenceCase';

/** PyTorch's losses, by the names that a configuration may use, with underscores and capitals left out. */
const lossNames: Readonly<Record<string, LossName>> = {
  mse: 'mse',
  mseloss: 'mse',
  l1: 'mae',
  l1loss: 'mae',
  mae: 'mae',
  huber: 'huber',
  huberloss: 'huber',
  smoothl1: 'huber',
  smoothl1loss: 'huber',
  crossentropy: 'crossEntropy',
  crossentropyloss: 'crossEntropy',
  bcewithlogits: 'binaryCrossEntropy',
  bcewithlogitsloss: 'binaryCrossEntropy',
};

/** What sequences are for, and how each is answered where no loss is named. */
const tasks: Readonly<Record<string, LossName>> = {
  forecast: 'mse',
  regress: 'mse',
  classify: 'crossEntropy',
  label: 'crossEntropy',
  charlm: 'crossEntropy',
  language: 'crossEntropy',
};

/** The model of PyTorch's configuration. @throws Error in one sentence for what has no counterpart here. */
export function torchModel({ config, batches }: Pick<Reference, 'config' | 'batches'>): ModelSpec {
  const { input_size: features, vocab, embed, hidden, layers, output_size: outputs, seq_len: steps } = config;
  if (config['proj_size']) throw new Error('An LSTM with a projected state (proj_size) has no counterpart here.');
  if (config['dropout'])
    throw new Error('What PyTorch drops at random cannot be dropped again here; set dropout to 0.');
  if (config['batch_first'] === false)
    throw new Error('Sequences are read with the batch first; set batch_first to true.');
  const bidirectional = config.bidirectional === true;
  const loss = lossOf(config);
  const isValues = !['crossEntropy', 'binaryCrossEntropy'].includes(loss.name);
  if (loss.name === 'binaryCrossEntropy' && outputs !== 1) {
    throw new Error(`Binary cross-entropy is of one output here, and the head has ${outputs}.`);
  }
  const targets = loss.name === 'binaryCrossEntropy' ? 2 : outputs;
  const [first] = batches;
  const answersAlways = (first?.y.shape ?? []).slice(0, 2).join() === [config.batch, steps].join();
  const answersEveryStep = isValues
    ? answersAlways && first?.y.shape.length === 3
    : answersAlways && !isOneOutput(config);
  const ragged = batches.some(({ lengths }) => lengths !== undefined && lengths !== null);
  // Nothing but a reverse direction sees padding at all; unless packed, PyTorch's begins there.
  const readsPadding = ragged && bidirectional && config.packed !== true;
  return specOf({
    steps,
    input: vocab ? { kind: 'tokens', vocabulary: vocab } : { kind: 'values', features },
    embedding: vocab ? (embed ?? null) : null,
    targets,
    outputs,
    layers: Array.from({ length: layers }, () => layerOf(cellOf(config), hidden, { bidirectional })),
    masked: ragged && !readsPadding,
    pooling: answersEveryStep || readsPadding ? 'every' : 'last',
    target: isValues ? 'values' : 'classes',
    loss: { ...loss, quantiles: [], classWeights: config.class_weights ?? null },
    classWeights: config.class_weights ?? null,
  });
}

/** One number a sequence that stands for two classes is [batch, 1] in PyTorch, even where a sequence has one step. */
const isOneOutput = ({ output_size, seq_len, task }: ReferenceConfig) =>
  output_size === 1 && seq_len === 1 && task === 'classify';

function cellOf({ cell, nonlinearity }: ReferenceConfig): CellName {
  const name = cell.toUpperCase();
  if (name === 'LSTM') return 'lstm';
  if (name === 'GRU') return 'gru';
  if (!['RNN', 'RNN_TANH', 'RNN_RELU'].includes(name)) throw new Error(`There is no cell "${cell}" of PyTorch's here.`);
  const activation = nonlinearity ?? (name === 'RNN_RELU' ? 'relu' : 'tanh');
  if (activation === 'tanh') return 'rnn';
  if (activation === 'relu') return 'rnnRelu';
  throw new Error(`PyTorch's RNN has no nonlinearity "${activation}".`);
}

function lossOf({ task, loss, ...config }: ReferenceConfig): { readonly name: LossName; readonly delta: number } {
  const { name: asked, ...options } = typeof loss === 'string' ? { name: loss } : (loss ?? { name: tasks[task] ?? '' });
  const name = lossNames[asked.toLowerCase().replaceAll('_', '')];
  if (name === undefined) throw new Error(`There is no loss "${asked}" for the task "${task}" here.`);
  const all: Readonly<Record<string, unknown>> = { ...config, ...options };
  if (all['pos_weight'] || all['label_smoothing'])
    throw new Error('A loss with pos_weight or label_smoothing has no counterpart here.');
  const reduction = options['reduction' as keyof typeof options] ?? 'mean';
  if (reduction !== 'mean') throw new Error(`A loss is a mean here, not "${String(reduction)}".`);
  const isSmooth = asked.toLowerCase().startsWith('smooth');
  const delta = Number((isSmooth ? (all['beta'] ?? all['delta']) : (all['delta'] ?? all['huber_delta'])) ?? 1);
  if (isSmooth && delta !== 1) throw new Error('Smooth L1 is the Huber loss only where its beta is 1.');
  return { name, delta };
}
