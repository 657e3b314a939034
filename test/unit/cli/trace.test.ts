import assert from 'node:assert/strict';
import path from 'node:path';
import { unroll } from './runCli';

const folder = path.resolve('test/fixtures/onnx');

interface Printed {
  readonly steps: number;
  readonly layers: readonly { readonly signals: Readonly<Record<string, readonly (readonly number[])[]>> }[];
  readonly outputs: Readonly<
    Record<
      string,
      { readonly shape: readonly number[]; readonly data: readonly number[]; readonly difference?: readonly number[] }
    >
  >;
  readonly gradient?: {
    readonly of: unknown;
    readonly value: number;
    readonly baseline: number | null;
    readonly layers: readonly Readonly<Record<string, readonly number[]>>[];
    readonly inputs: Readonly<Record<string, readonly (readonly number[])[]>>;
  };
}

async function trace(name: string, ...options: string[]): Promise<Printed> {
  const model = path.join(folder, name);
  const { status, events, stderr } = await unroll('.', [
    'trace',
    `${model}.onnx`,
    '--inputs',
    `${model}.case.json`,
    '--json',
    ...options,
  ]);
  assert.equal(status, 0, stderr);
  return events[0] as unknown as Printed;
}

describe('cli: changed states and gradients of a trace', () => {
  it('sets a state after a step and prints how the outputs differ', async () => {
    const before = await trace('ts_lstm');
    const after = await trace('ts_lstm', '--set', '0:h:1:2=0.5', '--set', '0:c:all:0=-1');
    const [was, is] = [before.layers[0]?.signals, after.layers[0]?.signals];
    assert.equal(is?.['h']?.[2]?.[1], 0.5);
    assert.ok(is?.['c']?.[0]?.every((value) => value === -1));
    assert.notDeepEqual(is?.['h']?.[3], was?.['h']?.[3]);
    for (const [name, { data, difference }] of Object.entries(after.outputs)) {
      assert.equal(difference?.length, data.length);
      data.forEach((value, i) => {
        const expected = value - (before.outputs[name]?.data[i] ?? Number.NaN);
        assert.ok(Math.abs((difference[i] ?? Number.NaN) - expected) < 1e-7);
      });
    }
    assert.ok(Object.values(after.outputs).some(({ difference }) => difference?.some((value) => value !== 0)));
    assert.equal(before.outputs['Y']?.difference, undefined);
  });

  it('ablates a unit at all steps', async () => {
    const { layers } = await trace('ts_gru', '--set', '0:h:0:all=0');
    assert.ok(layers[0]?.signals['h']?.every(([first]) => first === 0));
  });

  it('gives the gradient of a number, and attributions that add up', async () => {
    const plain = await trace('ts_bilstm2_head');
    const [output = ''] = Object.keys(plain.outputs);
    const { gradient } = await trace('ts_bilstm2_head', '--gradient', `${output}:1`);
    assert.deepEqual(gradient?.of, { output, step: null, unit: 1 });
    assert.equal(gradient?.baseline, null);
    assert.ok(Math.abs((gradient?.value ?? Number.NaN) - (plain.outputs[output]?.data[1] ?? Number.NaN)) < 1e-5);
    assert.equal(gradient?.layers.length, 4);
    for (const states of gradient?.layers ?? []) assert.deepEqual(Object.keys(states).sort(), ['c', 'h']);

    const ablated = await trace(
      'ts_bilstm2_head',
      '--gradient',
      `${output}:1`,
      '--set',
      '0:h:all:all=0',
      '--set',
      '1:h:all:all=0',
    );
    assert.ok(
      Math.abs((ablated.gradient?.value ?? Number.NaN) - (ablated.outputs[output]?.data[1] ?? Number.NaN)) < 1e-5,
    );
    // What the second layer reads is fixed, so nothing before it matters.
    assert.ok(ablated.gradient?.inputs['x']?.flat().every((value) => value === 0));

    const integrated = (await trace('ts_bilstm2_head', '--gradient', output, '--integrated', '50')).gradient;
    const sum = Object.values(integrated?.inputs ?? {})
      .flat(2)
      .reduce((total, value) => total + value, 0);
    const whole = (integrated?.value ?? Number.NaN) - (integrated?.baseline ?? Number.NaN);
    assert.ok(Math.abs(sum - whole) < 1e-2, `${sum} is not ${whole}`);
  });

  it('refuses what makes no sense', async () => {
    const model = path.join(folder, 'ts_lstm');
    const refused = async (why: RegExp, ...options: string[]) => {
      const { status, stdout, stderr } = await unroll('.', [
        'trace',
        `${model}.onnx`,
        '--inputs',
        `${model}.case.json`,
        ...options,
      ]);
      assert.equal(status, 2, stderr);
      assert.equal(stdout, '');
      assert.match(stderr, why);
    };
    await refused(/--set must be LAYER:STATE:UNIT:STEP=VALUE/, '--set', '0:h:1=3');
    await refused(/--set must be LAYER:STATE:UNIT:STEP=VALUE/, '--set', '0:h:1:2=x');
    await refused(/no recurrent layer 7/, '--set', '7:h:0:0=1');
    await refused(/no state "y"/, '--set', '0:y:0:0=1');
    await refused(/no unit 99/, '--set', '0:h:99:0=1');
    await refused(/no steps 99 to 99/, '--set', '0:h:0:99=1');
    await refused(/--gradient must be OUTPUT/, '--gradient', 'nothing');
    await refused(/--gradient must be OUTPUT/, '--gradient', 'y:1:2:3');
    await refused(/--integrated goes with --gradient/, '--integrated', '5');
  });
});
