import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { dtypes, type Tensor } from '../../../extension/core/tensor';
import { traceModel } from '../../../extension/core/trace/traceModel';
import { run } from '../../support/session';

interface Case {
  readonly expect: string;
  readonly inputs: Readonly<Record<string, { dtype: Tensor['dtype']; shape: number[]; data: number[] }>>;
  readonly recurrent: readonly {
    readonly realisation: string;
    readonly directions: readonly ('forward' | 'reverse')[];
    readonly sequence_lens: readonly number[] | null;
    readonly peepholes?: unknown;
    readonly signals: Readonly<Record<string, Readonly<Record<string, { data: number[] }>>>>;
  }[];
}

/** Models with the signals that their source computed in float64 beside them. */
const folder = process.env['UNROLL_ONNX_CASES_DIR'] ?? path.resolve('test/fixtures/onnx');
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.case.json'))
  .map((name) => name.replace('.case.json', ''));

describe('trace: signals against those of the framework that exported the model', () => {
  it('has cases', () => assert.ok(names.length >= 3));
  for (const name of names) {
    const spec = JSON.parse(readFileSync(path.join(folder, `${name}.case.json`), 'utf8')) as Case;
    const native = spec.recurrent.every(({ realisation }) => realisation === 'native');
    if (spec.expect !== 'ok' || !native || !existsSync(path.join(folder, `${name}.onnx`))) continue;
    it(name, async () => {
      const bytes = new Uint8Array(readFileSync(path.join(folder, `${name}.onnx`)));
      const { bytes: traced, layers } = traceModel(bytes);
      const feeds = Object.fromEntries(
        Object.entries(spec.inputs).map(([key, { dtype, shape, data }]) => [key, tensorOf(dtype, shape, data)]),
      );
      const outputs = await run(traced, feeds);
      const expected = spec.recurrent.flatMap(({ directions, signals }) => directions.map((d) => signals[d] ?? {}));
      assert.equal(layers.length, expected.length);
      layers.forEach((layer, i) => {
        for (const [signal, values] of Object.entries(expected[i] ?? {})) {
          const output = outputs[layer.signals.find((entry) => entry.name === signal)?.output ?? ''];
          assert.ok(output, `layer ${i} gives out ${signal}`);
          assert.equal(output.data.length, values.data.length);
          values.data.forEach((value, k) => {
            const ours = Number(output.data[k]);
            assert.ok(Math.abs(value - ours) < 1e-4, `${signal}[${k}] of layer ${i}: ${ours}, expected ${value}`);
          });
        }
      });
    });
  }
});

function tensorOf(dtype: Tensor['dtype'], shape: number[], data: number[]): Tensor {
  if (dtype === 'int64') return { dtype, shape, data: BigInt64Array.from(data.map(BigInt)) };
  const { array } = dtypes[dtype];
  return { dtype, shape, data: (array as typeof Float32Array).from(data) as Tensor['data'] };
}
