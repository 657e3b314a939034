import assert from 'node:assert/strict';
import { create } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  type NodeProto,
  NodeProtoSchema,
} from '../../../../extension/core/onnx/onnx_pb';
import { inOrder } from '../../../../extension/core/onnx/order';

const node = (name: string, input: string[]) =>
  create(NodeProtoSchema, { name, opType: 'Add', input, output: [`${name}.y`] });
const names = (nodes: readonly NodeProto[]) => nodes.map(({ name }) => name).join('');

describe('onnx: the order of nodes', () => {
  it('stays where every node stands after what it reads', () => {
    const { nodes, circle } = inOrder([node('b', ['x']), node('a', ['b.y']), node('c', ['x', 'a.y'])]);
    assert.equal(names(nodes), 'bac');
    assert.equal(circle.length, 0);
  });

  it('is made where nodes stand before what they read, and no other is moved', () => {
    const { nodes } = inOrder([node('a', ['x']), node('b', ['d.y', 'a.y']), node('c', ['x']), node('d', ['c.y'])]);
    assert.equal(names(nodes), 'acdb');
  });

  it('minds what a body reads from around it', () => {
    const g = create(GraphProtoSchema, { node: [node('inner', ['b.y', 'own'])], input: [{ name: 'own' }] });
    const attribute = [create(AttributeProtoSchema, { name: 'body', type: AttributeProto_AttributeType.GRAPH, g })];
    const loop = create(NodeProtoSchema, { name: 'a', opType: 'Loop', input: [], output: ['a.y'], attribute });
    assert.equal(names(inOrder([loop, node('b', ['x'])]).nodes), 'ba');
  });

  it('names the nodes of a circle and leaves their order', () => {
    const { nodes, circle } = inOrder([node('a', ['x']), node('b', ['d.y']), node('c', ['b.y']), node('d', ['c.y'])]);
    assert.equal(names(circle), 'bdc');
    assert.equal(names(nodes), 'abcd');
    assert.equal(names(inOrder([node('a', ['a.y'])]).circle), 'a');
  });

  it('is made of a hundred thousand nodes in a row without recursion', () => {
    const chain = Array.from({ length: 100_000 }, (_, i) => node(`${i}`, [`${i - 1}.y`])).reverse();
    assert.equal(inOrder(chain).nodes[0]?.name, '0');
  });
});
