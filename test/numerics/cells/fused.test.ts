import assert from 'node:assert/strict';
import { fusedAttributes } from '../../../extension/core/cells/fused';
import { lowerFused } from '../../../extension/core/cells/lower';
import { cells } from '../../../extension/core/cells/table';
import { Builder, text } from '../../../extension/core/graph/builder';
import { Graph } from '../../../extension/core/graph/graph';
import { writeModel } from '../../../extension/core/onnx/write';
import { at } from '../../../extension/core/ops/arguments';
import { RandomStream } from '../../../extension/core/random';
import { floats, sizeOf } from '../../../extension/core/tensor';
import { run } from '../../support/session';

const [steps, batch, input, hidden] = [9, 3, 2, 5];

describe('cells: the written-out cell against the fused operator', () => {
  for (const cell of Object.values(cells)) {
    for (const direction of ['forward', 'reverse', 'bidirectional']) {
      it(`${cell.title}, ${direction}, with initial states`, async () => {
        const random = new RandomStream(3, 0, 0);
        const directions = direction === 'bidirectional' ? 2 : 1;
        const rows = cell.gates.length * hidden;
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
        const states = cell.states.map((state) => tensor(state, [directions, batch, hidden]));
        const initial =
          cell.states.length === 1 ? states : [states[cell.states.indexOf('h')], states[cell.states.indexOf('c')]];
        const inputs = [
          tensor('X', [steps, batch, input]),
          tensor('W', [directions, rows, input]),
          tensor('R', [directions, rows, hidden]),
          tensor('B', [directions, 2 * rows]),
          null,
          ...initial.map((value) => value ?? null),
        ];
        const base = fusedAttributes(cell, hidden);
        const activations = base['activations'];
        const doubled = activations?.kind === 'strings' && directions === 2;
        const attributes = {
          ...base,
          direction: text(direction),
          ...(doubled && {
            activations: { kind: 'strings', value: [...activations.value, ...activations.value] } as const,
          }),
        };
        const fused = b.apply(cell.fused.op, inputs, attributes);
        const lowered = lowerFused(b, { op: cell.fused.op, name: 'layer', attributes, inputs });
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
            assert.ok(
              Math.abs(Number(value) - Number(ours?.data[k])) < 1e-5,
              `output ${i}[${k}]: ${value} and ${ours?.data[k]}`,
            );
          });
        });
      });
    }
  }
});
