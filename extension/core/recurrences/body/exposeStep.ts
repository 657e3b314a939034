import { type Builder, int, ints } from '../../graph/builder';
import type { Dim } from '../../graph/value';
import { Value } from '../../graph/value';
import { at } from '../../ops/arguments';
import { dtypes } from '../../tensor';
import type { Axes } from '../match/contract';
import { type LoopBody, scansBackwards } from './loopBody';

/**
 * A value of a body at every step, as an output of the node that runs it: [steps, …]. An output that the body has already is taken;
 * else the body is given one more.
 */
export function exposeStep({ graph }: Builder, loop: LoopBody, value: Value): Value {
  const { node, body, kind } = loop;
  const backwards = scansBackwards(loop);
  const known = loop.stacked.find(({ inner, axis, reverse }) => inner === value && axis === 0 && reverse === backwards);
  const own = known && node.outputs[known.place];
  if (own) return own;
  // onnxruntime wants every output of a body to be a value of its own.
  const copy = new Value(graph.names.claim(`${value.name}_step`), value.type);
  const name = graph.names.claim('Identity');
  body.nodes.push({ op: 'Identity', domain: '', name, inputs: [value], outputs: [copy], attributes: {} });
  const before = body.outputs.length - (kind === 'loop' ? 1 : 0);
  while (node.outputs.length < before) node.outputs.push(null);
  body.outputs.push(copy);
  const shape = value.type.shape === null ? null : [stepsOf(loop), ...value.type.shape];
  const result = new Value(graph.names.claim(`${value.name}_steps`), { dtype: value.type.dtype, shape });
  node.outputs.push(result);
  if (kind === 'scan') declareOutput(loop, backwards);
  return result;
}

/** The attributes of a Scan have an entry for every output that it stacks, or are left out. */
function declareOutput({ node, states }: LoopBody, backwards: boolean): void {
  const count = node.outputs.length - states.length;
  const with1 = (name: string, entry: number) => {
    const attribute = node.attributes[name];
    const given = attribute?.kind === 'ints' ? attribute.value : [];
    if (given.length === 0 && entry === 0) return;
    const entries = Array.from({ length: count }, (_, i) => (i === count - 1 ? entry : (given[i] ?? 0)));
    node.attributes = { ...node.attributes, [name]: ints(entries) };
  };
  with1('scan_output_directions', backwards ? 1 : 0);
  with1('scan_output_axes', 0);
}

/** The name or the size of the axis of steps. */
function stepsOf({ node, scanned }: LoopBody): Dim {
  const [first] = scanned;
  return first?.outer?.type.shape?.[first.axis] ?? `${node.name}.steps`;
}

/** A stacked value of a step, whose rows lie as `axes` says, as [steps, batch, units] in float32. */
export function inRows(b: Builder, stacked: Value, axes: Axes, units: Dim, batch: Dim, reversed: boolean): Value {
  const shape: Dim[] = Array.from({ length: axes.rank }, () => 1);
  shape[axes.units] = units;
  if (axes.batch !== null) shape[axes.batch] = batch;
  const known = new Value(stacked.name, {
    dtype: stacked.type.dtype,
    shape: [stacked.type.shape?.[0] ?? 'steps', ...shape],
  });
  let value = asFloat(b, known);
  const gone = shape.flatMap((_, axis) => (axis === axes.units || axis === axes.batch ? [] : [axis + 1]));
  if (gone.length > 0) value = b.squeeze(value, gone);
  if (axes.batch === null) value = b.unsqueeze(value, [1]);
  else if (axes.units < axes.batch) value = b.transpose(value, [0, 2, 1]);
  return reversed ? backwards(b, value) : value;
}

/** Always a Cast: a file need not say what type an inner value has, and a Cast to its own type costs nothing. */
function asFloat(b: Builder, value: Value): Value {
  return at(b.apply('Cast', [value], { to: int(dtypes.float32.onnx) }), 0);
}

/** A sequence with its steps in the other order. */
export function backwards(b: Builder, value: Value): Value {
  const least = -(2 ** 31 - 1);
  return at(b.apply('Slice', [value, b.int64s([-1]), b.int64s([least]), b.int64s([0]), b.int64s([-1])]), 0);
}
