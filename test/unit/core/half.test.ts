import assert from 'node:assert/strict';
import { bfloatToNumber, halfToNumber, numberToBfloat, numberToHalf } from '../../../extension/core/half';

describe('half precision', () => {
  // The worked examples of IEEE 754's binary16 format.
  for (const [bits, value] of [
    [0x0000, 0],
    [0x8000, -0],
    [0x0001, 2 ** -24],
    [0x03ff, (2 ** -14 * 1023) / 1024],
    [0x0400, 2 ** -14],
    [0x3555, 0.333251953125],
    [0x3c00, 1],
    [0x3c01, 1 + 2 ** -10],
    [0xc000, -2],
    [0x7bff, 65_504],
    [0x7c00, Number.POSITIVE_INFINITY],
    [0xfc00, Number.NEGATIVE_INFINITY],
  ] as const) {
    it(`0x${bits.toString(16)} is ${value}`, () => {
      assert.ok(Object.is(halfToNumber(bits), value));
      assert.equal(numberToHalf(value), bits);
    });
  }

  it('gives back the bits of every half', () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = halfToNumber(bits);
      if (!Number.isNaN(value)) assert.equal(numberToHalf(value), bits);
    }
    assert.ok(Number.isNaN(halfToNumber(numberToHalf(Number.NaN))));
  });

  it('rounds to the nearest, and to the even of two', () => {
    assert.equal(numberToHalf(0.1), 0x2e66);
    assert.equal(numberToHalf(1 + 2 ** -11), 0x3c00);
    assert.equal(numberToHalf(1 + 3 * 2 ** -11), 0x3c02);
    assert.equal(numberToHalf(65_519), 0x7bff);
    assert.equal(numberToHalf(65_520), 0x7c00);
    assert.equal(numberToHalf(2 - 2 ** -20), 0x4000);
    assert.equal(numberToHalf(2 ** -26), 0);
  });
});

describe('bfloat16', () => {
  // The upper halves of float32s: 1, π, 1e38 and the like, as any converter shows them.
  for (const [bits, value] of [
    [0x0000, 0],
    [0x8000, -0],
    [0x3f80, 1],
    [0xc000, -2],
    [0x4049, 3.140625],
    [0x3dcd, 0.10009765625],
    [0x0001, 2 ** -133],
    [0x7f7f, (2 - 2 ** -7) * 2 ** 127],
    [0x7f80, Number.POSITIVE_INFINITY],
    [0xff80, Number.NEGATIVE_INFINITY],
  ] as const) {
    it(`0x${bits.toString(16)} is ${value}`, () => {
      assert.ok(Object.is(bfloatToNumber(bits), value));
      assert.equal(numberToBfloat(value), bits);
    });
  }

  it('gives back the bits of every number', () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = bfloatToNumber(bits);
      if (!Number.isNaN(value)) assert.equal(numberToBfloat(value), bits);
    }
    assert.ok(Number.isNaN(bfloatToNumber(numberToBfloat(Number.NaN))));
  });

  it('rounds to the nearest, and to the even of two', () => {
    assert.equal(numberToBfloat(0.1), 0x3dcd);
    assert.equal(numberToBfloat(1 + 2 ** -8), 0x3f80);
    assert.equal(numberToBfloat(1 + 3 * 2 ** -8), 0x3f82);
    assert.equal(numberToBfloat(-1 - 2 ** -8 - 2 ** -20), 0xbf81);
    assert.equal(numberToBfloat(3.4e38), 0x7f80);
  });
});
