import assert from 'node:assert/strict';
import { layerNormalized } from '../../../extension/core/cells/layerNorm';
import { recurrence } from '../../../extension/core/cells/recurrence';
import { cells } from '../../../extension/core/cells/table';
import { describeModel } from '../../../extension/core/describe/describeModel';
import { Builder } from '../../../extension/core/graph/builder';
import { Graph } from '../../../extension/core/graph/graph';
import { exportModel } from '../../../extension/core/model/exportModel';
import { initialParameters } from '../../../extension/core/model/parameters';
import { writeModel } from '../../../extension/core/onnx/write';
import { RandomStream } from '../../../extension/core/random';
import { floats, sizeOf, type Tensor, toNumbers } from '../../../extension/core/tensor';
import { traceModel } from '../../../extension/core/trace/traceModel';
import { zeroStates } from '../../support/exported';
import { run } from '../../support/session';
import { layerOf, specOf } from '../../support/specs';

const [steps, batch, features, hidden] = [6, 2, 2, 3];
const random = new RandomStream(5, 0, 0);
const drawn = (shape: readonly number[]) =>
  floats(
    'float32',
    shape,
    Array.from({ length: sizeOf(shape) }, () => random.normal() / 2),
  );

/** Cells that are written as a Scan: those without a fused operator, and every cell with layer normalisation. */
const layers = Object.values(cells).flatMap((cell) => [
  ...(cell.fused === null ? [{ cell, layerNorm: false }] : []),
  { cell, layerNorm: true },
]);

describe('trace: cells that are written as a Scan', () => {
  for (const { cell: plain, layerNorm } of layers) {
    const cell = layerNorm ? layerNormalized(plain) : plain;
    for (const [masked, bidirectional] of [
      [false, false],
      [false, true],
      [true, true],
    ] as const) {
      it(`${cell.title}${bidirectional ? ', bidirectional' : ''}${masked ? ', masked' : ''}`, async () => {
        const layer = layerOf(plain.name, hidden, { layerNorm, bidirectional });
        const spec = specOf({ steps, input: { kind: 'values', features }, layers: [layer], masked });
        // Biases and gains that start at a constant are drawn too, so that each can be missed.
        const parameters = new Map([...initialParameters(spec, 1)].map(([name, { shape }]) => [name, drawn(shape)]));
        const bytes = exportModel(spec, parameters, {});
        const { bytes: traced, layers: found } = traceModel(bytes);
        const prefixes = bidirectional ? ['layers.0', 'layers.0.reverse'] : ['layers.0'];
        assert.deepEqual(
          found.map(({ direction }) => direction),
          bidirectional ? ['forward', 'reverse'] : ['forward'],
        );
        const x = drawn([batch, steps, features]);
        const lengths = masked ? [steps, 4] : [steps, steps];
        const real = Array.from({ length: batch * steps }, (_, i) =>
          i % steps < (lengths[Math.floor(i / steps)] ?? 0) ? 1 : 0,
        );
        const outputs = await run(traced, {
          window: x,
          ...(masked && { mask: floats('float32', [batch, steps], real) }),
          ...zeroStates(bytes, batch),
        });

        for (const [i, layer] of found.entries()) {
          const expected = await signalsByRecurrence(cell, i === 1, x, masked ? lengths : null, (name) => {
            const tensor = parameters.get(`${prefixes[i]}.${name}`);
            assert.ok(tensor, name);
            return tensor;
          });
          assert.deepEqual(
            layer.signals.map(({ name }) => name),
            cell.signals.map(({ name }) => name),
          );
          for (const { name, output } of layer.signals) {
            const [ours, theirs] = [outputs[output], expected[name]];
            assert.ok(ours && theirs);
            assert.deepEqual(ours.shape, [steps, batch, hidden]);
            assertSame(ours, theirs, name);
          }
          const Y = outputs[layer.fused.output];
          const signal = outputs[layer.signals.find(({ name }) => name === layer.fused.signal)?.output ?? ''];
          assert.ok(Y && signal);
          assert.deepEqual(Y.shape, [steps, 1, batch, hidden]);
          assertSame(signal, Y, 'the output');
        }

        const { recurrent, diagram, parameters: total } = describeModel(bytes);
        // What is seen while everything is closed.
        const top = diagram.nodes.filter(({ group }) => group === null);
        assert.deepEqual(
          recurrent.map(({ op, hidden, input, gates }) => [op, hidden, input, gates.join('')]),
          prefixes.map(() => [cell.title, hidden, features, cell.gates.join('')]),
        );
        assert.equal(
          top.reduce((sum, node) => sum + node.parameters, 0),
          total,
        );
        const boxes = diagram.nodes.filter(({ kind }) => kind === 'recurrent');
        assert.equal(boxes.length, prefixes.length);
        for (const box of boxes)
          assert.deepEqual(
            box.equations,
            cell.steps.map(({ text }) => text),
          );
        assert.ok(!top.some(({ kind, title }) => kind === 'operator' && ['MatMul', 'Scan', 'Add'].includes(title)));
        const read = bidirectional && !masked ? 'Rows before' : 'window';
        const input = diagram.nodes.find(({ title }) => title === read);
        for (const { id } of boxes) assert.ok(diagram.edges.some(({ from, to }) => from === input?.id && to === id));
      });
    }
  }

  it('knows a Scan of another name by what it computes', () => {
    const spec = specOf({ steps, layers: [layerOf('mgu', hidden)] });
    const bytes = exportModel(spec, initialParameters(spec, 1), {});
    const renamed = Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll('unroll.mgu', 'onroll.mgu'), 'latin1');
    const [layer, ...more] = traceModel(new Uint8Array(renamed)).layers;
    assert.deepEqual([layer?.op, layer?.signals.length, layer?.states.length, more], ['MGU', 3, 1, []]);
    assert.equal(describeModel(new Uint8Array(renamed)).recurrent[0]?.node, 'onroll.mgu:layers.0');
  });
});

/** The signals as the training graph computes them, from the same weights, [steps, batch, hidden] each. */
async function signalsByRecurrence(
  cell: (typeof cells)['lstm'],
  reverse: boolean,
  x: Tensor,
  lengths: readonly number[] | null,
  parameter: (name: string) => Tensor,
): Promise<Record<string, Tensor>> {
  const graph = new Graph('signals');
  const b = new Builder(graph);
  const names = ['W', 'R', 'Wb', 'Rb', 'Gw', 'Gr', 'G', 'B', 'P'] as const;
  const used = names.filter((name) =>
    cell.steps.some(({ text }) => new RegExp(`(?<![A-Za-z])${name}[a-z](?![a-z])`).test(text)),
  );
  const mask =
    lengths === null
      ? null
      : floats(
          'float32',
          [steps, 1, batch],
          Array.from({ length: steps * batch }, (_, i) => (Math.floor(i / batch) < (lengths[i % batch] ?? 0) ? 1 : 0)),
        );
  const { signals } = recurrence(b, {
    cell,
    hidden,
    reverse,
    x: b.transpose(b.constant(x, 'x'), [1, 2, 0]),
    parameters: Object.fromEntries(used.map((name) => [name, b.constant(parameter(name), name)])),
    initial: cell.states.map(() => b.zeros('float32', [hidden, batch])),
    mask: mask && b.constant(mask),
    signals: cell.signals.map(({ name }) => name),
  });
  for (const [name, value] of signals) b.output(`signal ${name}`, b.transpose(value, [0, 2, 1]));
  const outputs = await run(writeModel(graph), {});
  return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name.replace('signal ', ''), tensor]));
}

function assertSame(ours: Tensor, theirs: Tensor, name: string): void {
  const expected = toNumbers(theirs);
  toNumbers(ours).forEach((value, i) => {
    const difference = Math.abs(value - (expected[i] ?? Number.NaN));
    assert.ok(difference < 1e-5, `${name}[${i}]: ${value}, expected ${expected[i]}`);
  });
}
