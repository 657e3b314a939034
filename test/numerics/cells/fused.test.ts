import assert from 'node:assert/strict';
import type { Cell } from '../../../extension/core/cells/cell';
import { fusedAttributes, fusedGates } from '../../../extension/core/cells/fused';
import { directionsOf } from '../../../extension/core/cells/fusedCell';
import { lowerFused } from '../../../extension/core/cells/lower';
import { cellParameters } from '../../../extension/core/cells/parameters';
import { cells } from '../../../extension/core/cells/table';
import { Builder, text } from '../../../extension/core/graph/builder';
import { Graph } from '../../../extension/core/graph/graph';
import { writeModel } from '../../../extension/core/onnx/write';
import { at } from '../../../extension/core/ops/arguments';
import { RandomStream } from '../../../extension/core/random';
import { floats, sizeOf, type Tensor } from '../../../extension/core/tensor';
import { run } from '../../support/session';

const [steps, batch, input, hidden] = [9, 3, 2, 5];

/** A fused operator with random weights and initial states, and the cell that it is lowered to, compared output by output. */
async function compare(cell: Cell, direction: string, lengths: Tensor | null): Promise<void> {
  const random = new RandomStream(3, 0, 0);
  const directions = direction === 'bidirectional' ? 2 : 1;
  const rows = fusedGates(cell).length * hidden;
  const graph = new Graph('fused');
  const b = new Builder(graph);
  const tensor = (name: string, shape: number[]) =>
    graph.initializer(
      name,
      floats(
        'float32',
        shape,
        Array.from({ length: sizeOf(shape) }, () => random.normal() / 2),
      ),
    );
  const op = cell.fused?.op ?? '';
  const hasPeepholes = cellParameters(cell, 1, 1).some(({ name }) => name === 'P');
  const initial = ['h', ...(op === 'LSTM' ? ['c'] : [])].map((state) => tensor(state, [directions, batch, hidden]));
  const inputs = [
    tensor('X', [steps, batch, input]),
    tensor('W', [directions, rows, input]),
    tensor('R', [directions, rows, hidden]),
    tensor('B', [directions, 2 * rows]),
    lengths === null ? null : b.constant(lengths),
    ...initial,
    ...(hasPeepholes ? [tensor('P', [directions, 3 * hidden])] : []),
  ];
  const attributes = { ...fusedAttributes(cell, hidden, directions), direction: text(direction) };
  const node = { op, name: 'layer', attributes, inputs };
  assert.deepEqual(
    directionsOf(node).map((each) => each.cell.name),
    Array.from({ length: directions }, () => cell.name),
  );
  const fused = b.apply(op, inputs, attributes);
  const lowered = lowerFused(b, node);
  const pairs = [lowered.Y, ...lowered.finals].map((value, i) => [at(fused, i), value] as const);
  pairs.forEach(([theirs, ours], i) => {
    b.output(`theirs${i}`, theirs);
    b.output(`ours${i}`, ours);
  });
  const outputs = await run(writeModel(graph), {});
  pairs.forEach((_, i) => {
    const [theirs, ours] = [outputs[`theirs${i}`], outputs[`ours${i}`]];
    assert.deepEqual(ours?.shape, theirs?.shape);
    assert.ok(sizeOf(ours?.shape ?? []) > 0);
    theirs?.data.forEach((value, k) => {
      const difference = Math.abs(Number(value) - Number(ours?.data[k]));
      assert.ok(difference < 1e-5, `output ${i}[${k}]: ${value} and ${ours?.data[k]}`);
    });
  });
}

describe('cells: the written-out cell against the fused operator', () => {
  for (const cell of Object.values(cells).filter(({ fused }) => fused !== null)) {
    for (const direction of ['forward', 'reverse', 'bidirectional']) {
      it(`${cell.title}, ${direction}, with initial states`, () => compare(cell, direction, null));
      it(`${cell.title}, ${direction}, with sequences of different lengths`, () =>
        compare(cell, direction, { dtype: 'int32', shape: [batch], data: Int32Array.of(steps, 4, 1) }));
    }
  }
});
