import assert from 'node:assert/strict';
import { foldsOf } from '../../../../extension/core/describe/folds';
import { sourceOf } from '../../../../extension/core/onnx/byteSource';
import { readOutline } from '../../../../extension/core/onnx/read';
import type { FoundRecurrence } from '../../../../extension/core/recurrences/recurrence';
import { fileOf, graphOf, nodeOf } from '../../../support/graphs';

/** A graph of nodes by what they read, and what stands for recurrences that consist of some of them. */
function drawn(reads: Readonly<Record<string, readonly string[]>>, ...found: readonly (readonly string[])[]) {
  const nodes = Object.entries(reads).map(([name, from]) =>
    nodeOf(
      'Add',
      name,
      from.map((each) => (each === 'x' ? each : `${each}.y`)),
    ),
  );
  const { graph } = readOutline(sourceOf(fileOf(graphOf(nodes, ['last.y']))));
  const recurrences = found.map((names) => ({
    title: 'LSTM',
    nodes: new Set(graph.nodes.filter(({ name }) => names.includes(name))),
  }));
  const folds = foldsOf(graph, recurrences as unknown as FoundRecurrence[], false);
  return [...new Set(folds.values())].map(({ nodes }) => [...nodes].map(({ name }) => name).sort());
}

describe('describe: nodes that share a box', () => {
  it('are those of a recurrence, and what only it reads of what it makes', () => {
    const reads = { first: ['x'], size: ['first'], half: ['size'], second: ['first', 'half'], last: ['second'] };
    assert.deepEqual(drawn(reads, ['first', 'second']), [['first', 'half', 'second', 'size']]);
  });

  it('are not those that prepare it, nor those that others read too', () => {
    const reads = { before: ['x'], first: ['before'], seen: ['first'], second: ['seen'], last: ['second', 'seen'] };
    assert.deepEqual(drawn(reads, ['first', 'second']), [['first', 'second']]);
  });

  it('are not those between two recurrences', () => {
    const reads = { first: ['x'], between: ['first'], second: ['between'], last: ['second'] };
    assert.deepEqual(drawn(reads, ['first'], ['second']), [['first'], ['second']]);
  });

  it('are those of two recurrences that have a node in common', () => {
    const reads = { first: ['x'], second: ['first'], third: ['second'], last: ['third'] };
    assert.deepEqual(drawn(reads, ['first', 'second'], ['second', 'third']), [['first', 'second', 'third']]);
  });
});
