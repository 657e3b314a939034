import assert from 'node:assert/strict';
import { gradients } from '../../../../extension/core/autodiff/backpropagate';
import { Builder } from '../../../../extension/core/graph/builder';
import { Graph } from '../../../../extension/core/graph/graph';
import { at } from '../../../../extension/core/ops/arguments';
import { int32s } from '../../../../extension/core/tensor';

const text = (value: string) => ({ kind: 'string', value }) as const;
const int = (value: number) => ({ kind: 'int', value }) as const;

describe('operators refuse what they have no rule for', () => {
  const setting = () => {
    const b = new Builder(new Graph('test'));
    const input = (...shape: (number | string)[]) => b.graph.input('x', { dtype: 'float32', shape });
    return { b, input };
  };

  it('convolutions that do not fit', () => {
    const { b, input } = setting();
    const x = input(2, 3, 6);
    assert.deepEqual(b.conv(x, input(4, 3, 3), null, { pads: [2, 0], stride: 2 }).type.shape, [2, 4, 3]);
    assert.deepEqual(b.conv(input('batch', 3, 6), input(4, 3, 6), null).type.shape, ['batch', 4, 1]);
    assert.throws(() => b.conv(x, input(4, 3, 7), null), /over 7 steps does not fit into 6/);
    assert.throws(() => b.conv(x, input(4, 3, 3), null, { dilation: 3 }), /over 7 steps does not fit into 6/);
    assert.throws(() => b.conv(x, input(4, 2, 3), null), /expects 2 channels, but its input has 3/);
    assert.throws(() => b.conv(input(2, 3, 6, 6), input(4, 3, 3, 3), null), /one dimension of time only/);
    assert.throws(() => b.apply('Conv', [x, input(4, 3, 3)], { group: int(3) }), /one group only/);
    assert.throws(() => b.apply('Conv', [x, input(4, 3, 3)], { auto_pad: text('SAME_UPPER') }), /"SAME_UPPER"/);
  });

  it('padding and scattering of other kinds, and more inputs than the rule is for', () => {
    const { b, input } = setting();
    const x = input(2, 3);
    assert.throws(() => b.pad(x, [-1, 0], [0, 0]), /negative padding/);
    assert.throws(() => b.apply('Pad', [x, b.int64s([1, 0, 0, 0])], { mode: text('edge') }), /not for "edge"/);
    assert.throws(() => b.apply('ScatterElements', [x, b.int32s([1, 1], [0]), input(1, 1)]), /"add" only/);
    assert.throws(() => b.apply('Max', [x, x, x]), /Max has a rule for 2 inputs, not for 3/);
    assert.throws(() => b.apply('Cast', [x], { to: int(8) }), /element type 8/);
  });

  it('sums over a diagonal, and what is done in training alone', () => {
    const { b, input } = setting();
    const x = input(2, 2);
    assert.throws(() => b.apply('Einsum', [x], { equation: text('ii->i') }), /no rule for the equation "ii->i"/);
    assert.throws(() => b.apply('Einsum', [x], { equation: text('...i->i') }), /no rule for the equation/);
    assert.throws(() => b.apply('Split', [x], { axis: int(0) }), /how large its parts are/);
    const ones = Array.from({ length: 4 }, () => input(2));
    const [y] = b.apply('BatchNormalization', [x, ...ones], { training_mode: int(1) });
    assert.throws(() => y && gradients(b, b.reduceSum(y, [0, 1], false), [x]), /inference only/);
    const yes = b.constant({ dtype: 'bool', shape: [], data: Uint8Array.of(1) });
    const [dropped] = b.apply('Dropout', [x, null, yes]);
    assert.throws(() => dropped && gradients(b, b.reduceSum(dropped, [0, 1], false), [x]), /inference only/);
  });

  it('a gradient of an exponent', () => {
    const { b, input } = setting();
    const x = input();
    assert.throws(() => gradients(b, b.pow(x, input()), [x]), /Pow needs its input 1 to be a constant/);
  });

  it('int32 constants that do not fill their shape, and no casts that change nothing', () => {
    const { b, input } = setting();
    assert.throws(() => int32s([2], [1, 2, 3]), /3 values do not fill/);
    const x = input(2);
    assert.equal(b.cast(x, 'float32'), x);
    assert.equal(b.cast(x, 'bool').type.dtype, 'bool');
    assert.equal(at(b.graph.nodes, 0).op, 'Cast');
  });
});
