import assert from 'node:assert/strict';
import type { Cell } from '../../../extension/core/cells/cell';
import { layerNormalized } from '../../../extension/core/cells/layerNorm';
import { cellParameters, type ParameterName } from '../../../extension/core/cells/parameters';
import { recurrence } from '../../../extension/core/cells/recurrence';
import { stepOf } from '../../../extension/core/cells/step';
import { cells } from '../../../extension/core/cells/table';
import { Builder } from '../../../extension/core/graph/builder';
import { Graph } from '../../../extension/core/graph/graph';
import { writeModel } from '../../../extension/core/onnx/write';
import { RandomStream } from '../../../extension/core/random';
import { floats, sizeOf, type Tensor, toNumbers } from '../../../extension/core/tensor';
import { run } from '../../support/session';

const [steps, batch, input, hidden] = [7, 2, 3, 4];

type Vector = readonly number[];
const zip = (a: Vector, b: Vector, f: (x: number, y: number) => number) => a.map((x, i) => f(x, b[i] ?? Number.NaN));
const add = (...all: Vector[]) => all.reduce((a, b) => zip(a, b, (x, y) => x + y));
const mul = (a: Vector, b: Vector) => zip(a, b, (x, y) => x * y);
const sigmoid = (a: Vector) => a.map((x) => 1 / (1 + Math.exp(-x)));
const tanh = (a: Vector) => a.map(Math.tanh);
const oneMinus = (a: Vector) => a.map((x) => 1 - x);
const norm = (a: Vector) => {
  const mean = a.reduce((sum, x) => sum + x, 0) / a.length;
  const variance = a.reduce((sum, x) => sum + (x - mean) ** 2, 0) / a.length;
  return a.map((x) => (x - mean) / Math.sqrt(variance + 1e-5));
};

/** The weights of one gate: a matrix times a vector, and a vector. */
interface Weights {
  product(name: 'W' | 'R', gate: string, v: Vector): Vector;
  vector(name: ParameterName, gate: string): Vector;
}

/** One step, written from the papers' formulas: (x, h, c) to the next h and c, and what is handed on. */
type Step = (w: Weights, x: Vector, h: Vector, c: Vector) => { h: Vector; c?: Vector; y?: Vector };

const both = (w: Weights, gate: string, x: Vector, h: Vector) =>
  add(w.product('W', gate, x), w.vector('Wb', gate), w.product('R', gate, h), w.vector('Rb', gate));
const affine = (w: Weights, gate: string, x: Vector) => add(w.product('W', gate, x), w.vector('Wb', gate));

const papers: readonly { readonly title: string; readonly cell: Cell; readonly step: Step }[] = [
  {
    title: 'the character RNN of the tutorial: both layers read [x, h]',
    cell: cells.characterRnn,
    step: (w, x, h) => ({ h: both(w, 'h', x, h), y: both(w, 'y', x, h) }),
  },
  {
    title: 'an RNN without an activation',
    cell: cells.rnnIdentity,
    step: (w, x, h) => ({ h: both(w, 'h', x, h) }),
  },
  {
    title: 'an LSTM with coupled gates (Greff et al. 2017)',
    cell: cells.lstmCoupled,
    step(w, x, h, c) {
      const i = sigmoid(both(w, 'i', x, h));
      const next = add(mul(oneMinus(i), c), mul(i, tanh(both(w, 'g', x, h))));
      return { h: mul(sigmoid(both(w, 'o', x, h)), tanh(next)), c: next };
    },
  },
  {
    title: 'the minimal gated unit (Zhou et al. 2016, equations 4)',
    cell: cells.mgu,
    step(w, x, h) {
      const f = sigmoid(add(affine(w, 'f', x), w.product('R', 'f', h)));
      const candidate = tanh(add(affine(w, 'n', x), w.product('R', 'n', mul(f, h))));
      return { h: add(mul(oneMinus(f), h), mul(f, candidate)) };
    },
  },
  {
    title: 'minGRU (Feng et al. 2024, section 3.1)',
    cell: cells.minGru,
    step(w, x, h) {
      const z = sigmoid(affine(w, 'z', x));
      return { h: add(mul(oneMinus(z), h), mul(z, affine(w, 'n', x))) };
    },
  },
  {
    title: 'minLSTM (Feng et al. 2024, section 3.2)',
    cell: cells.minLstm,
    step(w, x, h) {
      const [f, i] = [sigmoid(affine(w, 'f', x)), sigmoid(affine(w, 'i', x))];
      const total = add(f, i);
      const share = (a: Vector) => zip(a, total, (part, whole) => part / whole);
      return { h: add(mul(share(f), h), mul(share(i), affine(w, 'n', x))) };
    },
  },
  {
    title: 'an LSTM with layer normalisation (Ba et al. 2016, equations 20 to 22)',
    cell: layerNormalized(cells.lstm),
    step(w, x, h, c) {
      const sum = (gate: string) =>
        add(
          mul(w.vector('Gw', gate), norm(w.product('W', gate, x))),
          mul(w.vector('Gr', gate), norm(w.product('R', gate, h))),
          w.vector('Wb', gate),
          w.vector('Rb', gate),
        );
      const next = add(mul(sigmoid(sum('f')), c), mul(sigmoid(sum('i')), tanh(sum('g'))));
      const shown = tanh(add(mul(w.vector('G', 'c'), norm(next)), w.vector('B', 'c')));
      return { h: mul(sigmoid(sum('o')), shown), c: next };
    },
  },
];

interface Data {
  readonly parameters: ReadonlyMap<string, Tensor>;
  readonly x: Tensor;
  readonly initial: readonly Tensor[];
}

function dataOf(cell: Cell): Data {
  const random = new RandomStream(11, 0, 0);
  const tensor = (shape: readonly number[]) =>
    floats(
      'float64',
      shape,
      Array.from({ length: sizeOf(shape) }, () => random.normal()),
    );
  return {
    parameters: new Map(cellParameters(cell, input, hidden).map(({ name, shape }) => [name, tensor(shape)])),
    x: tensor([steps, input, batch]),
    initial: cell.states.map(() => tensor([hidden, batch])),
  };
}

/** The output of every step by a plain loop: `lengths` ends each sequence, and later steps repeat. */
function byLoop(
  cell: Cell,
  step: Step,
  data: Data,
  reverse: boolean,
  lengths: readonly number[],
  drop: Vector,
): number[] {
  const gates = new Map(cellParameters(cell, input, hidden).map(({ name, gates }) => [name as string, gates]));
  const row = (name: string, gate: string, unit: number): Vector => {
    const tensor = data.parameters.get(name);
    const columns = tensor?.shape[1] ?? 0;
    const at = ((gates.get(name)?.indexOf(gate) ?? 0) * hidden + unit) * columns;
    return toNumbers(tensor ?? data.x).slice(at, at + columns);
  };
  const units = Array.from({ length: hidden }, (_, unit) => unit);
  const dot = (a: Vector, b: Vector) => mul(a, b).reduce((sum, v) => sum + v, 0);
  const result = new Array<number>(steps * hidden * batch).fill(Number.NaN);
  for (let item = 0; item < batch; item++) {
    const column = (tensor: Tensor | undefined, size: number, from = 0): Vector =>
      Array.from({ length: size }, (_, i) => toNumbers(tensor ?? data.x)[from + i * batch + item] ?? Number.NaN);
    const dropped = units.map((unit) => drop[unit * batch + item] ?? Number.NaN);
    const weights: Weights = {
      product: (name, gate, v) => {
        // The state is dropped on its way into every recurrent matrix.
        const read = name === 'R' ? mul(v, dropped) : v;
        return units.map((unit) => dot(row(name, gate, unit), read));
      },
      vector: (name, gate) => units.map((unit) => row(name, gate, unit)[0] ?? Number.NaN),
    };
    const state = (name: string) => column(data.initial[cell.states.indexOf(name)], hidden);
    let [h, c, y] = [state('h'), cell.states.includes('c') ? state('c') : [], cell.output === 'y' ? state('y') : []];
    for (let k = 0; k < steps; k++) {
      const t = reverse ? steps - 1 - k : k;
      if (t < (lengths[item] ?? 0)) {
        const next = step(weights, column(data.x, input, t * input * batch), h, c);
        [h, c, y] = [next.h, next.c ?? c, next.y ?? y];
      }
      const out = cell.output === 'y' ? y : h;
      for (const unit of units) result[(t * hidden + unit) * batch + item] = out[unit] ?? Number.NaN;
    }
  }
  return result;
}

/** The output of every step by the graph, in float64. */
async function byGraph(
  cell: Cell,
  data: Data,
  reverse: boolean,
  lengths: readonly number[] | null,
  drop: Vector | null,
  form: 'step' | 'parallel',
): Promise<number[]> {
  const graph = new Graph('cell');
  const b = new Builder(graph);
  const mask = lengths?.length
    ? Array.from({ length: steps * batch }, (_, i) => (Math.floor(i / batch) < (lengths[i % batch] ?? 0) ? 1 : 0))
    : null;
  const { signals, finals } = recurrence(b, {
    cell,
    hidden,
    reverse,
    form,
    parameters: Object.fromEntries([...data.parameters].map(([name, tensor]) => [name, b.constant(tensor)])),
    x: b.constant(data.x),
    initial: data.initial.map((tensor) => b.constant(tensor)),
    signals: [cell.output],
    mask: mask && b.constant(floats('float64', [steps, 1, batch], mask)),
    stateDrop: drop && b.constant(floats('float64', [hidden, batch], drop)),
  });
  const output = signals.get(cell.output);
  const final = finals[cell.states.indexOf(cell.output)];
  assert.ok(output && final);
  b.output('output', output);
  b.output('final', final);
  const given = await run(writeModel(graph), {});
  const all = toNumbers(given['output'] as Tensor);
  const size = hidden * batch;
  assert.deepEqual(toNumbers(given['final'] as Tensor), reverse ? all.slice(0, size) : all.slice(-size));
  return all;
}

function assertClose(actual: Vector, expected: Vector, tolerance: number): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, i) => {
    assert.ok(Math.abs(value - (expected[i] ?? Number.NaN)) < tolerance, `[${i}]: ${value}, expected ${expected[i]}`);
  });
}

describe('cells: the papers’ formulas as a plain loop', () => {
  const whole = [steps, steps];
  const kept = new Array<number>(hidden * batch).fill(1);
  const drop = kept.map((_, i) => (i % 3 === 0 ? 0 : 1.5));
  for (const { title, cell, step } of papers) {
    const data = dataOf(cell);
    for (const reverse of [false, true]) {
      for (const form of ['step', 'parallel'] as const) {
        it(`${title}${reverse ? ', reverse' : ''}, ${form} form`, async () => {
          const plain = await byGraph(cell, data, reverse, null, null, form);
          assertClose(plain, byLoop(cell, step, data, reverse, whole, kept), 1e-9);
          const masked = await byGraph(cell, data, reverse, [steps, 3], drop, form);
          assertClose(masked, byLoop(cell, step, data, reverse, [steps, 3], drop), 1e-9);
        });
      }
    }

    it(`${title}: one step after another without a loop in the graph`, async () => {
      const graph = new Graph('steps');
      const b = new Builder(graph);
      const parameters = Object.fromEntries([...data.parameters].map(([name, tensor]) => [name, b.constant(tensor)]));
      const next = stepOf(b, { cell, hidden, parameters });
      const x = b.constant(data.x);
      let states: ReturnType<typeof next> = data.initial.map((tensor) => b.constant(tensor));
      for (let t = 0; t < steps; t++) {
        states = next(b, b.squeeze(b.slice(x, t, t + 1, 0), [0]), states);
        const output = states[cell.states.indexOf(cell.output)];
        assert.ok(output);
        b.output(`output${t}`, output);
      }
      const given = await run(writeModel(graph), {});
      const all = Array.from({ length: steps }, (_, t) => toNumbers(given[`output${t}`] as Tensor)).flat();
      assertClose(all, byLoop(cell, step, data, false, whole, kept), 1e-9);
    });
  }

  for (const cell of [cells.minGru, cells.minLstm]) {
    it(`${cell.title}: the parallel form is the step form, for every number of steps, within 1e-6 in float32`, async () => {
      for (let count = 1; count <= 9; count++) {
        for (const reverse of [false, true]) {
          const random = new RandomStream(count, 0, 0);
          const graph = new Graph('forms');
          const b = new Builder(graph);
          const drawn = (shape: readonly number[]) =>
            b.constant(
              floats(
                'float32',
                shape,
                Array.from({ length: sizeOf(shape) }, () => random.normal()),
              ),
            );
          const layer = {
            cell,
            hidden,
            reverse,
            parameters: Object.fromEntries(
              cellParameters(cell, input, hidden).map(({ name, shape }) => [name, drawn(shape)]),
            ),
            x: drawn([count, input, batch]),
            initial: [drawn([hidden, batch])],
            signals: ['h'],
          };
          for (const form of ['step', 'parallel'] as const) {
            const h = recurrence(b, { ...layer, form }).signals.get('h');
            assert.ok(h);
            b.output(`${form} form`, h);
          }
          assert.equal(graph.nodes.filter(({ op }) => op === 'Scan').length, 1, 'the parallel form has no Scan');
          const given = await run(writeModel(graph), {});
          const [byStep, parallel] = [given['step form'] as Tensor, given['parallel form'] as Tensor];
          assert.deepEqual(parallel.shape, [count, hidden, batch]);
          assertClose(toNumbers(parallel), toNumbers(byStep), 1e-6);
        }
      }
    });
  }
});
