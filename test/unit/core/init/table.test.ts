import assert from 'node:assert/strict';
import { initializers, type Role, type RoleShape } from '../../../../extension/core/init/table';
import { RandomStream } from '../../../../extension/core/random';
import { toNumbers } from '../../../../extension/core/tensor';
import { type InitName, initNames } from '../../../../extension/protocol/experiment';

const [gates, out, fanIn, width] = [4, 64, 48, 3];
const shapes: Readonly<Record<Role, RoleShape>> = {
  input: { gates, out, fanIn },
  recurrent: { gates, out, fanIn: out },
  peephole: { gates: 3, out, fanIn: 1 },
  dense: { gates: 1, out: 80, fanIn: 90 },
  convolution: { gates: 1, out: 60, fanIn: 40 * width, width },
  embedding: { gates: 1, out: 70, fanIn: 90 },
  inputBias: { gates, out, fanIn },
  recurrentBias: { gates, out, fanIn: out },
  denseBias: { gates: 1, out: 80, fanIn: 90 },
  convolutionBias: { gates: 1, out: 60, fanIn: 40 * width, width },
  gain: { gates, out, fanIn: 1 },
  shift: { gates, out, fanIn: 1 },
};
const roles = Object.keys(shapes) as Role[];

function draw(name: InitName, role: Role, seed = 1) {
  return initializers[name].weights(new RandomStream(seed, 0, 0), role, shapes[role]);
}

/** Uniform in ±√(6 / (fan in + fan out)), and so on: the figures that the papers and the two libraries' sources give. */
const glorot = (fanInOf: number, fanOut: number) => ({ bound: Math.sqrt(6 / (fanInOf + fanOut)) });
const deviation = (of: number) => ({ deviation: of });
const bound = (of: number) => ({ bound: of });
const [zero, one] = [{ constant: 0 }, { constant: 1 }];
type Law = { readonly bound: number } | { readonly deviation: number } | { readonly constant: number };

const xavierLaws = { dense: glorot(90, 80), convolution: glorot(120, 180) };
const usualLaws = {
  peephole: zero,
  embedding: deviation(1),
  inputBias: zero,
  recurrentBias: zero,
  denseBias: zero,
  convolutionBias: zero,
  gain: one,
  shift: zero,
};
/** What is left out is checked as a matrix below. */
const laws: Readonly<Record<InitName, Readonly<Partial<Record<Role, Law>>>>> = {
  orthogonal: { ...usualLaws, ...xavierLaws, input: glorot(48, 64) },
  xavier: { ...usualLaws, ...xavierLaws, input: glorot(48, 64), recurrent: glorot(64, 64) },
  he: {
    ...usualLaws,
    input: deviation(Math.sqrt(2 / 48)),
    recurrent: deviation(Math.sqrt(2 / 64)),
    dense: deviation(Math.sqrt(2 / 90)),
    convolution: deviation(Math.sqrt(2 / 120)),
  },
  irnn: { ...usualLaws, input: deviation(0.001), dense: deviation(0.001), convolution: deviation(Math.sqrt(2 / 120)) },
  pytorch: {
    ...usualLaws,
    input: bound(1 / 8),
    recurrent: bound(1 / 8),
    peephole: bound(1 / 8),
    inputBias: bound(1 / 8),
    recurrentBias: bound(1 / 8),
    dense: bound(1 / Math.sqrt(90)),
    denseBias: bound(1 / Math.sqrt(90)),
    convolution: bound(1 / Math.sqrt(120)),
    convolutionBias: bound(1 / Math.sqrt(120)),
  },
  keras: { ...usualLaws, ...xavierLaws, input: glorot(48, 256), embedding: bound(0.05) },
};

function assertLaw(values: readonly number[], law: Law): void {
  if ('constant' in law) {
    assert.ok(values.every((value) => value === law.constant));
    return;
  }
  const spread = 'bound' in law ? law.bound / Math.sqrt(3) : law.deviation;
  const { length } = values;
  const mean = values.reduce((sum, value) => sum + value, 0) / length;
  const moment = (power: number) => values.reduce((sum, value) => sum + (value / spread) ** power, 0) / length;
  // Five standard errors: of the mean, of the mean square (a uniform number's fourth moment is 9/5, a normal one's 3), of the fourth.
  assert.ok(Math.abs(mean) < (5 * spread) / Math.sqrt(length), `mean ${mean} of ${length}`);
  const [fourth, eighth] = 'bound' in law ? [9 / 5, 9] : [3, 105];
  const square = moment(2) - 1;
  assert.ok(Math.abs(square) < 5 * Math.sqrt((fourth - 1) / length), `mean square off by ${square}`);
  const flatness = moment(4) - fourth;
  assert.ok(Math.abs(flatness) < 5 * Math.sqrt((eighth - fourth ** 2) / length), `fourth moment off by ${flatness}`);
  if ('bound' in law) {
    // Rounding to float32 may put a number on the bound itself. Its outer 12/length are empty with a probability of e^-12.
    const most = Math.max(...values.map(Math.abs));
    assert.ok(
      most <= Math.fround(law.bound) && most > law.bound * (1 - 12 / length),
      `largest ${most} of ${law.bound}`,
    );
  }
}

/** The products of the columns of a matrix [rows, columns] with each other. */
function gram(values: readonly number[], rows: number, columns: number): number[][] {
  const column = (j: number) => Array.from({ length: rows }, (_, i) => values[i * columns + j] ?? Number.NaN);
  const all = Array.from({ length: columns }, (_, j) => column(j));
  return all.map((a) => all.map((b) => a.reduce((sum, value, i) => sum + value * (b[i] ?? Number.NaN), 0)));
}

function assertOrthonormalColumns(values: readonly number[], rows: number, columns: number): void {
  gram(values, rows, columns).forEach((row, i) => {
    row.forEach((product, j) => {
      assert.ok(Math.abs(product - (i === j ? 1 : 0)) < 2e-6, `columns ${i} and ${j}: ${product}`);
    });
  });
}

describe('initial weights by name', () => {
  for (const name of initNames) {
    describe(name, () => {
      for (const role of roles) {
        it(`${role} has its shape, is the same for the same seed, and follows its law`, () => {
          const tensor = draw(name, role);
          const { gates: stacked, out: rows, fanIn: columns } = shapes[role];
          const isWeight = ['input', 'recurrent', 'dense', 'convolution', 'embedding'].includes(role);
          assert.equal(tensor.dtype, 'float32');
          assert.deepEqual(tensor.shape, [stacked * rows, isWeight ? columns : 1]);
          assert.deepEqual(tensor, draw(name, role));
          const law = laws[name][role];
          if (law !== undefined) assertLaw(toNumbers(tensor), law);
          else assert.equal(role, 'recurrent');
          const isFixed = (law !== undefined && 'constant' in law) || (name === 'irnn' && role === 'recurrent');
          if (!isFixed) assert.notDeepEqual(tensor.data, draw(name, role, 2).data);
        });
      }
    });
  }

  it('orthogonal makes every gate an orthogonal matrix, no two alike', () => {
    const values = toNumbers(draw('orthogonal', 'recurrent'));
    const blocks = Array.from({ length: gates }, (_, gate) => values.slice(gate * out * out, (gate + 1) * out * out));
    for (const block of blocks) assertOrthonormalColumns(block, out, out);
    assert.notDeepEqual(blocks[0], blocks[1]);
  });

  it('keras makes the columns of all gates together orthonormal', () => {
    assertOrthonormalColumns(toNumbers(draw('keras', 'recurrent')), gates * out, out);
  });

  it('irnn hands the state on as it is', () => {
    const values = toNumbers(draw('irnn', 'recurrent'));
    assert.ok(values.every((value, i) => value === (Math.floor(i / out) % out === i % out ? 1 : 0)));
  });

  it('leaves the forget bias to the experiment everywhere but where PyTorch draws it', () => {
    assert.deepEqual(
      initNames.filter((name) => !initializers[name].forgetBias),
      ['pytorch'],
    );
  });
});
