import { UnrollError } from '../../protocol/errors';
import { Builder } from '../graph/builder';
import { statePrefix } from '../graph/carried';
import { Graph } from '../graph/graph';
import type { Dim, Value } from '../graph/value';
import type { Context } from '../layers/context';
import { convolution } from '../layers/convolution';
import { recursiveDecoder } from '../layers/decoder';
import { batchLast } from '../layers/dense';
import { head } from '../layers/head';
import { pool } from '../layers/pooling';
import { recurrentLayer, type Sequence, writtenOut } from '../layers/recurrentLayer';
import { withRowsBefore } from '../layers/rowsBefore';
import { readTokens } from '../layers/tokens';
import { type Translator, translator } from '../layers/translator';
import { losses } from '../losses/table';
import { at, shapeOf } from '../ops/arguments';
import type { ParameterShape } from './parameters';
import { horizonOf, type ModelSpec } from './spec';

/** What a network reads. */
export interface NetworkInputs {
  /** Values [steps, features, batch], scaled; or int32 tokens [steps, batch]. */
  readonly x: Value;
  /** [steps, batch]: 1 for a step, 0 for padding; null where sequences are equally long. */
  readonly mask: Value | null;
  /** Of a recursive decoder in training: the truth [targets, batch], and at which steps ahead it is read, [horizon, batch]. */
  readonly teacher: { readonly truth: Value; readonly reads: Value } | null;
  /** Of a translation: what is right, int32 [longest, batch]. */
  readonly truth?: Value;
}

/**
 * A model written out: tokens or values, a convolution, recurrent layers, pooling, the head. Training, evaluation and export are
 * this one network in different surroundings. It gives [outputs, batch], or [steps, outputs, batch] where the head reads every step; in
 * scaled units.
 */
export function network(context: Context, spec: ModelSpec, inputs: NetworkInputs): Value {
  const { b } = context;
  const { x, teacher, truth } = inputs;
  const isAnchored = spec.anchor === 'last';
  const last = isAnchored && spec.pooling !== 'every' ? b.inPart('Last value', () => b.last(x, 1, 0)) : null;
  const { sequence, end, finals } = encoded(context, spec, inputs, last);
  if (spec.target === 'tokens') {
    if (truth === undefined) throw new UnrollError('internal', 'Nobody says what the decoder is to write.');
    return translator(context, spec, sequence).teach(truth);
  }
  if (spec.recursive) {
    const target = last ?? b.last(x, 1, 0);
    const lastValue = b.squeeze(b.slice(target, 0, spec.targetColumns ?? 1, 1), [0]);
    // Read relative to the anchor, the last value is zero.
    const value = last === null ? lastValue : b.sub(lastValue, lastValue);
    const relative =
      teacher === null || last === null
        ? teacher
        : { ...teacher, truth: withLast(context, spec, teacher.truth, lastValue, 'sub') };
    const answers = b.inPart('Recursive decoder', () =>
      recursiveDecoder(context, spec, { finals, value, teacher: relative }, (inner, outputs) =>
        losses[spec.loss.name].point(inner, outputs, spec.loss),
      ),
    );
    return anchored(context, spec, answers, last);
  }
  if (spec.pooling === 'every') {
    const steps = head(context, spec, dropped(context, spec, 'head', sequence).x, sequence.units, spec.outputs);
    // Every step forecasts the change from its own value: the last one of the window is yet to come.
    return anchored(context, spec, steps, isAnchored ? x : null);
  }
  return anchored(context, spec, headOfOne(context, spec, sequence, end, x), last);
}

/** The decoder of a translation over what the layers make of its source. */
export function translation(context: Context, spec: ModelSpec, inputs: NetworkInputs): Translator {
  return translator(context, spec, encoded(context, spec, inputs, null).sequence);
}

/** What the recurrent layers make of a sequence: every step that was wanted, the end where it is at hand, the final states. */
function encoded(
  context: Context,
  spec: ModelSpec,
  { x, mask }: Pick<NetworkInputs, 'x' | 'mask'>,
  last: Value | null,
): { readonly sequence: Sequence; readonly end: Value | null; readonly finals: ReadonlyMap<string, Value> } {
  let sequence = readInput(context, spec, x, last, mask);
  // What is translated has few tokens to learn from, so none of them is to be relied upon.
  if (spec.target === 'tokens') sequence = dropped(context, spec, 'source', sequence);
  const finals = new Map<string, Value>();
  let end: Value | null = null;
  spec.layers.forEach((layer, n) => {
    const isTop = n === spec.layers.length - 1;
    const result = recurrentLayer(context, `layers.${n}`, layer, sequence, {
      recurrentDrop: spec.dropout.recurrent,
      everyStep: !isTop || spec.pooling !== 'last',
    });
    for (const [name, value] of result.finals) finals.set(name, value);
    end = result.last;
    if (result.sequence === null) sequence = { ...sequence, units: layer.hidden };
    else sequence = isTop ? result.sequence : dropped(context, spec, `layers.${n}`, result.sequence);
  });
  return { sequence, end, finals };
}

function readInput(context: Context, spec: ModelSpec, x: Value, last: Value | null, mask: Value | null): Sequence {
  const { b } = context;
  const { input, steps, convolution: settings } = spec;
  const units = input.kind === 'values' ? input.features : (spec.embedding ?? input.vocabulary);
  const relative = last === null ? x : b.inPart('Less last value', () => b.sub(x, last));
  const values = input.kind === 'values' ? relative : readTokens(context, x, input.vocabulary, spec.embedding);
  const sequence = { x: values, steps, units, mask: mask === null ? null : b.unsqueeze(mask, [1]) };
  if (settings === null) return sequence;
  return { ...sequence, x: convolution(context, values, units, settings), units: settings.filters };
}

function headOfOne(context: Context, spec: ModelSpec, sequence: Sequence, end: Value | null, x: Value): Value {
  const pooled = spec.pooling === 'last' && end !== null ? end : pool(context, spec.pooling, sequence);
  const mask = context.dropout('head', [sequence.units], spec.dropout.between);
  const kept = mask === null ? pooled : context.b.mul(pooled, mask);
  const ahead = knownAhead(context, spec, x);
  const read = ahead === null ? kept : context.b.concat([kept, ahead], 0);
  return head(context, spec, read, sequence.units + (spec.known ?? 0) * horizonOf(spec), spec.outputs);
}

/** What is known of the steps that are forecast, [horizon · known, batch]: the last features at the last steps; null where nothing is. */
function knownAhead(context: Context, spec: ModelSpec, x: Value): Value | null {
  const { b } = context;
  const { input, known = 0 } = spec;
  const horizon = horizonOf(spec);
  if (known === 0 || input.kind !== 'values') return null;
  return b.inPart('Known ahead', () => {
    const rows = b.slice(x, input.features - known, input.features, 1);
    const all = withRowsBefore(context, `${statePrefix}known`, rows, horizon - 1, known) ?? rows;
    return b.reshape(b.last(all, horizon, 0), [horizon * known, -1]);
  });
}

/** Drops what a layer hands on: anew at every step, or the same units at all steps of a sequence. */
function dropped(context: Context, spec: ModelSpec, name: string, sequence: Sequence): Sequence {
  const { between, variational } = spec.dropout;
  const { steps, units } = sequence;
  const mask = context.dropout(name, variational ? [units] : [steps, units], between);
  return mask === null ? sequence : { ...sequence, x: context.b.mul(sequence.x, mask) };
}

/**
 * Adds the last known value of each target to the outputs that say where it lies. `known` holds them as the first of its
 * features: [1, features, batch] for all outputs, or [steps, features, batch] for the outputs of each step.
 */
function anchored(context: Context, spec: ModelSpec, prediction: Value, known: Value | null): Value {
  const { b } = context;
  if (known === null) return prediction;
  return b.inPart('Plus last value', () => {
    const every = spec.pooling === 'every';
    const axis = every ? 1 : 0;
    const target = b.slice(known, 0, spec.targetColumns ?? 1, 1);
    const value = every ? target : b.squeeze(target, [0]);
    const levels = losses[spec.loss.name].levels?.(spec.targets) ?? spec.outputs;
    if (levels === spec.outputs) return withLast(context, spec, prediction, value, 'add');
    const located = withLast(context, spec, b.slice(prediction, 0, levels, axis), value, 'add');
    return b.concat([located, b.slice(prediction, levels, spec.outputs, axis)], axis);
  });
}

/**
 * Levels with the last value of their target added or taken away. `levels` is [k · targets, batch], or with the steps' axis in front; `last` is
 * [targetColumns, batch] alike.
 */
function withLast({ b }: Context, spec: ModelSpec, levels: Value, last: Value, way: 'add' | 'sub'): Value {
  const { targetColumns = 1 } = spec;
  if (targetColumns === 1) return b[way](levels, last);
  const shape = shapeOf('The last value', levels).slice(0, -1);
  const axis = shape.length - 1;
  const count = Number(at(shape, axis));
  // Both the batch and the steps may be free: 0 leaves these as they are.
  const steps = shape.slice(0, axis).map(() => 0);
  const apart = b.reshape(levels, [...steps, count / spec.targets, targetColumns, horizonOf(spec), -1]);
  const same = b.unsqueeze(b.unsqueeze(last, [axis]), [axis + 2]);
  return b.reshape(b[way](apart, same), [...steps, count, -1]);
}

/** The input of a network in a graph: its type and its shape but for the batch. */
export function networkInput(graph: Graph, spec: ModelSpec, name: string, batch: Dim, float: Context['float']): Value {
  const { input, steps } = spec;
  return input.kind === 'values'
    ? graph.input(name, { dtype: float, shape: [steps, input.features, batch] })
    : graph.input(name, { dtype: 'int32', shape: [steps, batch] });
}

/** Writes a network for nobody, to hear what parameters its layers ask for. */
export function collectParameters(spec: ModelSpec): readonly ParameterShape[] {
  const graph = new Graph('parameters');
  const found = new Map<string, { readonly shape: ParameterShape; readonly value: Value }>();
  const context: Context = {
    b: new Builder(graph),
    float: 'float32',
    parameter(shape) {
      const known = found.get(shape.name) ?? {
        shape,
        value: graph.input(shape.name, { dtype: 'float32', shape: shape.shape }),
      };
      if (known.shape.shape.join() !== shape.shape.join())
        throw new UnrollError('internal', 'The parameter "{0}" is declared with two shapes.', shape.name);
      found.set(shape.name, known);
      return known.value;
    },
    dropout: () => null,
    carried: () => null,
    recurrent: writtenOut('step'),
    linear: batchLast,
  };
  const mask = spec.masked ? graph.input('mask', { dtype: 'float32', shape: [spec.steps, 1] }) : null;
  const truth = graph.input('y', { dtype: 'int32', shape: [Math.max(1, spec.longest), 1] });
  network(context, spec, { x: networkInput(graph, spec, 'x', 1, 'float32'), mask, teacher: null, truth });
  return [...found.values()].map(({ shape }) => shape);
}
