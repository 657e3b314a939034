import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { create } from '@bufbuild/protobuf';
import { describeModel } from '../../../../extension/core/describe/describeModel';
import { boundedOf } from '../../../../extension/core/describe/diagram';
import { exportModel } from '../../../../extension/core/model/exportModel';
import { initialParameters } from '../../../../extension/core/model/parameters';
import {
  AttributeProtoSchema,
  NodeProtoSchema,
  StringStringEntryProtoSchema,
  ValueInfoProtoSchema,
} from '../../../../extension/core/onnx/onnx_pb';
import { format } from '../../../../extension/protocol/messages';
import type { Diagram } from '../../../../extension/protocol/model';
import { fileOf, graphOf, nodeOf } from '../../../support/graphs';
import { layerOf, specOf } from '../../../support/specs';

/** A box of the diagram by its node's name. */
function boxOf({ nodes }: Diagram, name: string) {
  const found = nodes.find((node) => node.name === name);
  assert.ok(found, `${name} is drawn`);
  return found;
}

/** Everything that must hold of a diagram, whatever is drawn. */
function assertWhole({ nodes, edges, groups }: Diagram): void {
  const ids = new Set(nodes.map(({ id }) => id));
  const seen = new Set<string | null>([null]);
  assert.equal(ids.size, nodes.length, 'boxes have ids of their own');
  for (const { id, parent, node } of groups) {
    assert.ok(seen.has(parent) && !seen.has(id), `${id} comes once and after its parent`);
    seen.add(id);
    assert.ok(node === null || ids.has(node));
  }
  for (const { group, bodies } of nodes) assert.ok([group, ...bodies].every((each) => seen.has(each)));
  for (const { from, to } of edges) assert.ok(ids.has(from) && ids.has(to) && from !== to, `${from} to ${to}`);
  const held = new Set(nodes.map(({ group }) => group));
  const parents = new Set(groups.map(({ parent }) => parent));
  for (const { id } of groups) assert.ok(held.has(id) || parents.has(id), `${id} holds something`);
}

describe('describe: the diagram', () => {
  it('says what a node of the file is, without what only its box is for', () => {
    const gemm = nodeOf('Gemm', '/head/Gemm', ['x', 'w']);
    gemm.attribute.push(create(AttributeProtoSchema, { name: 'transB', type: 2, i: 1n }));
    gemm.attribute.push(create(AttributeProtoSchema, { name: 'alpha', type: 1, f: 0.1 }));
    const odd = create(NodeProtoSchema, {
      opType: 'Wavelet',
      domain: 'com.example',
      name: 'odd',
      input: ['/head/Gemm.y'],
      output: ['y'],
    });
    odd.attribute.push(
      create(AttributeProtoSchema, { name: 'taps', type: 7, ints: Array.from({ length: 100 }, (_, i) => BigInt(i)) }),
    );
    const { diagram, parameters } = describeModel(fileOf(graphOf([gemm, odd], ['y'], { w: 8 })));
    assertWhole(diagram);
    const { title, op, attributes, inputs, outputs, initializers, group } = boxOf(diagram, '/head/Gemm');
    assert.deepEqual([title, op, group], ['Linear', 'Gemm', null]);
    assert.deepEqual(attributes, [
      { name: 'transB', value: '1' },
      { name: 'alpha', value: '0.1' },
    ]);
    assert.deepEqual(inputs, [{ name: 'x', dtype: 'float32', shape: ['batch', 8] }]);
    assert.deepEqual(initializers, [{ name: 'w', dtype: 'float32', shape: [8, 8], parameters: 64 }]);
    assert.equal(outputs[0]?.name, '/head/Gemm.y');
    assert.equal(parameters, 64);
    const unknown = boxOf(diagram, 'odd');
    assert.deepEqual([unknown.op, unknown.domain], ['Wavelet', 'com.example']);
    assert.match(unknown.attributes[0]?.value ?? '', /^\[0, 1, .*15, …\]$/);
  });

  it('folds blocks that an exporter named, and finds those in them', () => {
    const block = (at: string, from: string) => [
      nodeOf('MatMul', `${at}/attn/MatMul`, [from, `${at}.w`]),
      nodeOf('Softmax', `${at}/attn/Softmax`, [`${at}/attn/MatMul.y`]),
      nodeOf('Add', `${at}/Add`, [from, `${at}/attn/Softmax.y`]),
    ];
    const names = Array.from({ length: 12 }, (_, i) => `/encoder/layers.${i}`);
    const nodes = names.flatMap((name, i) => block(name, i === 0 ? 'x' : `${names[i - 1]}/Add.y`));
    const weights = Object.fromEntries(names.map((name) => [`${name}.w`, 8]));
    const { diagram } = describeModel(fileOf(graphOf(nodes, ['/encoder/layers.11/Add.y'], weights)));
    assertWhole(diagram);
    const repeat = diagram.groups.find(({ kind }) => kind === 'repeat');
    assert.deepEqual([repeat?.title, repeat?.count, repeat?.parent], ['encoder/layers', 12, null]);
    const parts = diagram.groups.filter(({ parent }) => parent === repeat?.id);
    assert.deepEqual(
      parts.map(({ kind, title }) => [kind, title]),
      names.map((name) => ['part', name.slice(1)]),
    );
    assert.equal(boxOf(diagram, '/encoder/layers.3/attn/Softmax').group, parts[3]?.id);
  });

  it('folds blocks by the modules that an exporter wrote beside the nodes', () => {
    const nodes = Array.from({ length: 4 }, (_, i) => {
      const from = i === 0 ? 'x' : `b${i - 1}.y`;
      const block = [nodeOf('Relu', `a${i}`, [from]), nodeOf('Add', `b${i}`, [`a${i}.y`, from])];
      for (const node of block) {
        const value = `['', 'model', 'model.layers.${i + 2}', '${node.name}']`;
        node.metadataProps.push(create(StringStringEntryProtoSchema, { key: 'pkg.torch.onnx.name_scopes', value }));
      }
      return block;
    }).flat();
    const { groups } = describeModel(fileOf(graphOf(nodes, ['b3.y']))).diagram;
    assert.deepEqual(
      groups.map(({ kind, title, count }) => [kind, title, count]),
      [['repeat', 'model.layers', 4], ...[2, 3, 4, 5].map((i) => ['part', `model.layers.${i}`, 1])],
    );
  });

  it('folds blocks of the same structure that no name tells, and no others', () => {
    const chain = (change: (i: number) => string) => {
      const nodes = Array.from({ length: 6 }, (_, i) => {
        const from = i === 0 ? 'x' : `c${i - 1}.y`;
        return [
          nodeOf('MatMul', `a${i}`, [from, 'w']),
          nodeOf(change(i), `b${i}`, [`a${i}.y`]),
          nodeOf('Add', `c${i}`, [`b${i}.y`, from]),
        ];
      }).flat();
      return describeModel(fileOf(graphOf(nodes, ['c5.y'], { w: 8 }))).diagram;
    };
    const same = chain(() => 'Relu');
    assertWhole(same);
    assert.deepEqual(
      same.groups.filter(({ kind }) => kind === 'repeat').map(({ title, count }) => [title, count]),
      [['Linear, Relu, Add', 6]],
    );
    assert.notEqual(boxOf(same, 'a2').group, boxOf(same, 'a3').group);
    assert.equal(boxOf(same, 'a2').group, boxOf(same, 'c2').group);
    const other = chain((i) => (i === 2 ? 'Tanh' : 'Relu'));
    assert.deepEqual(
      other.groups.filter(({ kind }) => kind === 'repeat').map(({ count }) => count),
      [3],
    );
    assert.equal(boxOf(other, 'a1').group, null);
    assert.deepEqual(
      chain((i) => ['Relu', 'Tanh'][i % 2] ?? '')
        .groups.filter(({ kind }) => kind === 'repeat')
        .map(({ count }) => count),
      [3],
    );
    assert.deepEqual(chain((i) => `Op${i}`).groups, []);
  });

  it('numbers blocks that nobody named, and puts lone boxes into no frame of their own', () => {
    const chain = (ops: readonly string[]) => {
      const nodes = ops.map((op, i) => nodeOf(op, `n${i}`, [i === 0 ? 'x' : `n${i - 1}.y`]));
      return describeModel(fileOf(graphOf(nodes, [`n${ops.length - 1}.y`]))).diagram;
    };
    const lone = chain(Array<string>(6).fill('Relu'));
    assertWhole(lone);
    assert.deepEqual(
      lone.groups.map(({ kind, title, count }) => [kind, title, count]),
      [['repeat', 'Relu', 6]],
    );
    assert.equal(boxOf(lone, 'n4').group, lone.groups[0]?.id);
    const pairs = chain(Array.from({ length: 6 }, (_, i) => (i % 2 === 0 ? 'Relu' : 'Tanh')));
    assert.deepEqual(
      pairs.groups.map(({ title }) => title),
      ['Relu, Tanh', ...[1, 2, 3].map((i) => `Relu, Tanh ${i}`)],
    );
  });

  it('tells blocks apart that do the same with what others made', () => {
    // Each block reads the last one, but the fourth reads the first again.
    const reads = ['x', 'b0.y', 'b1.y', 'b0.y', 'b3.y'];
    const nodes = reads.flatMap((from, i) => [nodeOf('Relu', `a${i}`, [from]), nodeOf('Tanh', `b${i}`, [`a${i}.y`])]);
    const { groups } = describeModel(fileOf(graphOf(nodes, ['b4.y']))).diagram;
    assert.deepEqual(
      groups.filter(({ kind }) => kind === 'repeat').map(({ count }) => count),
      [3],
    );
  });

  it('opens Scan, Loop and If into their bodies, and draws what they read from around them', () => {
    const inner = graphOf([nodeOf('Tanh', 'deep', ['x'])], ['deep.y']);
    const then = graphOf([nodeOf('If', 'choice', ['condition'], { then_branch: inner })], ['choice.y']);
    const otherwise = graphOf([nodeOf('Relu', 'plain', ['before.y'])], ['plain.y']);
    const outer = nodeOf('If', 'outer', ['condition'], { then_branch: then, else_branch: otherwise });
    const condition = nodeOf('ReduceMax', 'max', ['x']);
    condition.output = ['condition'];
    const { diagram } = describeModel(fileOf(graphOf([nodeOf('Sin', 'before', ['x']), condition, outer], ['outer.y'])));
    assertWhole(diagram);
    const box = boxOf(diagram, 'outer');
    assert.deepEqual(
      diagram.groups.map(({ title, kind, node }) => [title, kind, node]),
      [
        ['then_branch', 'body', box.id],
        ['then_branch', 'body', boxOf(diagram, 'choice').id],
        ['else_branch', 'body', box.id],
      ],
    );
    assert.equal(diagram.groups[1]?.parent, diagram.groups[0]?.id);
    assert.equal(box.bodies.length, 2);
    const flows = (from: string, to: string) =>
      diagram.edges.some((edge) => edge.from === boxOf(diagram, from).id && edge.to === boxOf(diagram, to).id);
    assert.ok(flows('before', 'plain'), 'into the body');
    assert.ok(flows('before', 'outer'), 'to the box');
    assert.ok(flows('max', 'choice'));
  });

  it('rolls a recurrence up, keeps the nodes that it consists of, and connects both', () => {
    const spec = specOf({ steps: 5, layers: [layerOf('minGru', 4)] });
    const { diagram } = describeModel(exportModel(spec, initialParameters(spec, 1), {}));
    assertWhole(diagram);
    const rolled = diagram.nodes.find(({ kind }) => kind === 'recurrent');
    const group = diagram.groups.find(({ kind }) => kind === 'recurrence');
    assert.ok(rolled && group);
    assert.deepEqual([group.node, rolled.bodies], [rolled.id, [group.id]]);
    const scan = diagram.nodes.find(({ op }) => op === 'Scan');
    assert.equal(scan?.group, group.id);
    assert.equal(scan.bodies.length, 1);
    const input = diagram.nodes.find(({ kind }) => kind === 'input');
    assert.ok(diagram.edges.some(({ from, to }) => from === input?.id && to === rolled.id));
    const inside = new Set(diagram.nodes.flatMap((node) => (node.group === group.id ? [node.id] : [])));
    assert.ok(
      diagram.edges.some(({ from, to }) => from === input?.id && inside.has(to)),
      'into the open one',
    );
    assert.ok(!diagram.edges.some(({ from, to }) => inside.has(to) && from === rolled.id));
  });

  it('draws graphs that do not run, and says why', () => {
    const circle = [
      nodeOf('Add', 'a', ['x', 'b.y']),
      nodeOf('Relu', 'b', ['a.y']),
      nodeOf('Tanh', 'c', ['b.y', 'gone']),
    ];
    const { diagram } = describeModel(fileOf(graphOf(circle, ['c.y'])));
    assertWhole(diagram);
    assert.ok(diagram.edges.some(({ from, to }) => from === boxOf(diagram, 'b').id && to === boxOf(diagram, 'a').id));
    const notes = diagram.notes.map((note) => format(note));
    assert.equal(notes.length, 2);
    assert.match(notes[0] ?? '', /wait for each other in a circle \(2 in all/);
    assert.match(notes[1] ?? '', /"c" reads "gone", which nothing computes/);
  });

  it('cuts names of any length and leaves what they hold as it is', () => {
    const long = `<b>__proto__${'n'.repeat(200_000)}`;
    const bytes = fileOf(graphOf([nodeOf('Relu', long, ['x']), nodeOf('__proto__', 'p', [`${long}.y`])], ['p.y']));
    const description = describeModel(bytes);
    assertWhole(description.diagram);
    assert.equal(description.diagram.nodes[1]?.name.length, 200);
    assert.ok(description.diagram.nodes[1]?.name.startsWith('<b>__proto__n'));
    assert.equal(boxOf(description.diagram, 'p').title, '__proto__');
    assert.ok(JSON.stringify(description).length < 5_000);
  });

  it('writes no more of a shape than tensors have axes, and counts nothing that cannot be', () => {
    const graph = graphOf([nodeOf('Relu', 'r', ['x', 'w'])], ['r.y'], { w: 0 });
    const dim = Array.from({ length: 10_000 }, () => ({ value: { case: 'dimValue' as const, value: 2n } }));
    graph.valueInfo.push(
      create(ValueInfoProtoSchema, { name: 'r.y', type: { tensorType: { elemType: 1, shape: { dim } } } }),
    );
    Object.assign(graph.initializer[0] ?? {}, { dims: [2n ** 62n, 2n ** 62n], dataLocation: 1 });
    const description = describeModel(fileOf(graph));
    const [made] = boxOf(description.diagram, 'r').outputs;
    assert.deepEqual([made?.shape?.length, made?.shape?.at(-1)], [33, '…']);
    assert.match(boxOf(description.diagram, 'r').detail, /^\[(2, ){32}…\]$/);
    assert.equal(description.parameters, 0);
  });

  it('keeps what tells of the exporter’s machine apart', () => {
    const node = nodeOf('Relu', 'r', ['x']);
    const entry = (key: string, value: string) => create(StringStringEntryProtoSchema, { key, value });
    node.metadataProps.push(entry('pkg.torch.onnx.stack_trace', 'File "/home/ada/model.py", line 3, in forward'));
    node.metadataProps.push(entry('namespace', 'Model/relu'));
    const { metadata, remarks, diagram } = describeModel(
      fileOf(graphOf([node], ['r.y']), {
        producerName: 'pytorch',
        metadataProps: [
          entry('licence', 'MIT'),
          entry('source', 'C:\\Users\\ada\\model.pt'),
          entry('note', 'n'.repeat(10_000)),
        ],
        docString: 'exported from /srv/models/a',
      }),
    );
    assert.deepEqual(metadata, { licence: 'MIT' });
    assert.deepEqual(
      remarks.map(({ name, sensitive }) => [name, sensitive]),
      [
        ['licence', false],
        ['source', true],
        ['note', true],
        ['doc_string', true],
      ],
    );
    assert.ok(remarks.every(({ value }) => value.length <= 4_000));
    assert.deepEqual(
      boxOf(diagram, 'r').remarks.map(({ name, sensitive }) => [name, sensitive]),
      [
        ['pkg.torch.onnx.stack_trace', true],
        ['namespace', false],
      ],
    );
  });

  it('names element types that we hold no numbers of', () => {
    const graph = graphOf([nodeOf('Relu', 'r', ['x'])], ['r.y'], { w: 4 });
    const [w] = graph.initializer;
    assert.ok(w);
    Object.assign(w, { dataType: 17, rawData: new Uint8Array(16) });
    graph.node[0]?.input.push('w');
    const { diagram, parameters } = describeModel(fileOf(graph));
    assert.equal(boxOf(diagram, 'r').initializers[0]?.dtype, 'float8e4m3fn');
    assert.equal(parameters, 16);
  });

  it('draws the loop of a file of the field as it is', () => {
    const { diagram } = describeModel(new Uint8Array(readFileSync('test/fixtures/onnx/standard_scan_sum.onnx')));
    assertWhole(diagram);
    const [body] = diagram.groups;
    assert.equal(body?.kind, 'body');
    assert.deepEqual(
      diagram.nodes.filter(({ group }) => group === body?.id).map(({ kind, title }) => [kind, title]),
      [
        ['input', 'sum_in'],
        ['input', 'next'],
        ['operator', 'Add'],
        ['output', 'sum_out'],
        ['output', 'scan_out'],
      ],
    );
  });

  for (const name of readdirSync('test/fixtures/onnx').filter((name) => name.endsWith('.onnx'))) {
    it(`is whole, and has all recurrences: ${name}`, () => {
      const { diagram, recurrent } = describeModel(new Uint8Array(readFileSync(`test/fixtures/onnx/${name}`)));
      assertWhole(diagram);
      const boxes = diagram.nodes.filter(({ kind }) => kind === 'recurrent');
      assert.ok(boxes.length > 0 || recurrent.length === 0);
      for (const { id, bodies } of boxes) {
        assert.ok(diagram.edges.some(({ to }) => to === id) && diagram.edges.some(({ from }) => from === id), id);
        const [group] = diagram.groups.filter((each) => bodies.includes(each.id));
        if (group?.kind === 'recurrence') {
          assert.ok(
            diagram.nodes.filter((node) => node.group?.startsWith(group.id)).length > 1,
            `${group.id} is drawn open`,
          );
        }
      }
    });
  }

  it('draws the first of more boxes than anybody looks through, and says so', () => {
    const body = graphOf([nodeOf('Relu', 'inner', ['x'])], ['inner.y']);
    const nodes = [
      nodeOf('If', 'a', ['x'], { then_branch: body }),
      nodeOf('Relu', 'b', ['a.y']),
      nodeOf('Relu', 'c', ['b.y']),
    ];
    const { diagram } = describeModel(fileOf(graphOf(nodes, ['c.y'])));
    for (let most = 1; most < diagram.nodes.length; most++) {
      const bounded = boundedOf(diagram, most);
      assertWhole(bounded);
      assert.equal(bounded.nodes.length, most);
      assert.deepEqual(
        bounded.notes.map((note) => format(note)),
        [`This model has 7 boxes; only the first ${most} are drawn.`],
      );
    }
    assert.equal(boundedOf(diagram, 7), diagram);
  });

  it('describes thousands of nodes in time that grows with their number', () => {
    const file = (count: number) => {
      const nodes = Array.from({ length: count }, (_, i) => {
        const [op = ''] = [['Relu', 'Tanh', 'Exp', 'Sin', 'Cos', 'Abs', 'Neg'][(i * i * 7 + (i >> 3)) % 7]];
        return nodeOf(op, `n${i}`, [i === 0 ? 'x' : `n${i - 1}.y`, ...(i > 9 ? [`n${i - 9}.y`] : [])]);
      });
      return fileOf(graphOf(nodes, [`n${count - 1}.y`]));
    };
    const time = (bytes: Uint8Array) => {
      const start = performance.now();
      const { diagram } = describeModel(bytes);
      const took = performance.now() - start;
      assertWhole(diagram);
      return took;
    };
    const [small, large] = [file(500), file(4000)];
    time(small);
    const first = Math.min(time(small), time(small), time(small));
    assert.ok(time(large) < 40 * first, 'eight times as many take eight times as long, or little more');
  });
});
