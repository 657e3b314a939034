import assert from 'node:assert/strict';
import { summaryOf } from '../../../../extension/core/describe/summary';
import { bfloatToNumber, halfToNumber } from '../../../../extension/core/half';
import { RandomStream } from '../../../../extension/core/random';
import { type DType, dtypes, type Tensor } from '../../../../extension/core/tensor';

const random = new RandomStream(11, 0, 0);

/** A tensor of any bits there are in this type, or of small whole numbers. */
function tensorOf(dtype: DType, size: number): Tensor {
  const { array } = dtypes[dtype];
  const bytes = new Uint8Array(size * array.BYTES_PER_ELEMENT);
  for (let i = 0; i < bytes.length; i++) bytes[i] = random.below(dtype === 'bool' ? 2 : 256);
  return { dtype, shape: [size], data: new array(bytes.buffer) };
}

/** The numbers by DataView and the formats' own definitions, apart from how tensors are read elsewhere. */
function naive({ dtype, data }: Tensor): number[] {
  const view = new DataView(data.buffer);
  const size = data.BYTES_PER_ELEMENT;
  const read: Record<DType, (at: number) => number> = {
    float32: (at) => view.getFloat32(at, true),
    float64: (at) => view.getFloat64(at, true),
    float16: (at) => halfToNumber(view.getUint16(at, true)),
    bfloat16: (at) => bfloatToNumber(view.getUint16(at, true)),
    int8: (at) => view.getInt8(at),
    uint8: (at) => view.getUint8(at),
    bool: (at) => view.getUint8(at),
    int16: (at) => view.getInt16(at, true),
    uint16: (at) => view.getUint16(at, true),
    int32: (at) => view.getInt32(at, true),
    uint32: (at) => view.getUint32(at, true),
    int64: (at) => Number(view.getBigInt64(at, true)),
    uint64: (at) => Number(view.getBigUint64(at, true)),
  };
  return Array.from({ length: data.length }, (_, i) => read[dtype](i * size));
}

const near = (given: number | null, expected: number, scale: number) =>
  assert.ok(given !== null && Math.abs(given - expected) <= 1e-12 * scale, `${given}, ${expected}`);

describe('describe: the numbers of a tensor', () => {
  for (const dtype of Object.keys(dtypes) as DType[]) {
    it(`are summed up as one by one: ${dtype}`, () => {
      const tensor = tensorOf(dtype, 3001);
      const summary = summaryOf(tensor);
      const all = naive(tensor);
      // Bits of any kind make float64s whose squares no number holds.
      const finite = all.filter(Number.isFinite);
      assert.equal(summary.nonFinite, all.length - finite.length);
      assert.equal(summary.zeros, finite.filter((value) => value === 0).length / all.length);
      assert.equal(summary.min, Math.min(...finite));
      assert.equal(summary.max, Math.max(...finite));
      const scale = Math.max(...finite.map(Math.abs));
      const mean = finite.reduce((sum, value) => sum + value / finite.length, 0);
      near(summary.mean, mean, scale);
      const spread = Math.sqrt(finite.reduce((sum, value) => sum + ((value - mean) / scale) ** 2, 0) / finite.length);
      if (Number.isFinite(scale * scale * finite.length)) near(summary.deviation, spread * scale, scale);
      else assert.equal(summary.deviation, null);
      const { bins, edges } = summary;
      assert.equal(edges.length, bins.length + 1);
      assert.ok(bins.length <= 48);
      bins.forEach((count, i) => {
        const [from = 0, to = 0] = [edges[i], edges[i + 1]];
        const last = i === bins.length - 1;
        assert.ok(from < to);
        assert.equal(
          count,
          finite.filter((value) => value >= from && (value < to || (last && value === to))).length,
          `bin ${i}`,
        );
      });
    });
  }

  it('have a bin each where they are few whole numbers', () => {
    const { bins, edges } = summaryOf({ dtype: 'int8', shape: [6], data: Int8Array.of(-1, 3, 3, 0, 3, -1) });
    assert.deepEqual(bins, [2, 1, 0, 0, 3]);
    assert.deepEqual(edges, [-1.5, -0.5, 0.5, 1.5, 2.5, 3.5]);
  });

  it('are none where there are none that are finite', () => {
    const none = { min: null, max: null, mean: null, deviation: null, bins: [], edges: [] };
    assert.deepEqual(summaryOf({ dtype: 'float32', shape: [0], data: new Float32Array() }), {
      ...none,
      dtype: 'float32',
      shape: [0],
      zeros: 0,
      nonFinite: 0,
    });
    const { nonFinite, ...rest } = summaryOf({
      dtype: 'float32',
      shape: [2],
      data: Float32Array.of(Number.NaN, -1 / 0),
    });
    assert.equal(nonFinite, 2);
    assert.deepEqual(rest, { ...none, dtype: 'float32', shape: [2], zeros: 0 });
  });

  it('lie in one bin where they are all the same, and have the widest range there is', () => {
    assert.deepEqual(summaryOf({ dtype: 'float32', shape: [3], data: Float32Array.of(2.5, 2.5, 2.5) }).bins, [3]);
    const widest = summaryOf({
      dtype: 'float64',
      shape: [3],
      data: Float64Array.of(-Number.MAX_VALUE, 0, Number.MAX_VALUE),
    });
    assert.equal(widest.mean, 0);
    assert.deepEqual([widest.bins[0], widest.bins[24], widest.bins[47]], [1, 1, 1]);
  });
});
