import assert from 'node:assert/strict';
import type { Dim } from '../../../../extension/core/graph/value';
import { Value } from '../../../../extension/core/graph/value';
import { type DType, toNumbers } from '../../../../extension/core/tensor';
import type { InputWish } from '../../../../extension/protocol/model';
import { decodeMetadata } from '../../../../extension/runtime/export/metadata';
import { chosenInputs } from '../../../../extension/runtime/inspect/chosenInputs';
import type { InputRole } from '../../../../extension/runtime/inspect/inputRoles';
import { temporaryFolder } from '../../../support/temporaryFolder';

const role = (
  kind: InputRole['kind'],
  shape: readonly Dim[],
  change: Partial<InputRole> = {},
  dtype: DType = 'float32',
) => ({
  input: new Value(kind, { dtype, shape }),
  kind,
  tokens: null,
  steps: 0,
  batch: 1,
  ...change,
});
const wish = (change: Partial<InputWish>): InputWish => ({
  kind: 'rows',
  seed: 1,
  steps: 3,
  batch: 1,
  row: 0,
  standardised: false,
  text: '',
  ...change,
});
const tokens = (shape: readonly Dim[], change: Partial<InputRole> = {}) =>
  role('tokens', shape, { steps: 1, batch: 0, tokens: 5, ...change }, 'int64');

describe('inputs that somebody chose', () => {
  const folder = temporaryFolder();
  const table = () => folder.write('t.csv', 'day,a,word,b\nmon,1,x,10\ntue,2,y,20\nwed,3,z,30\nthu,4,w,40\n');

  it('are rows of the first columns of numbers, laid out as the model has its axes', async () => {
    const roles = [
      role('values', ['batch', 2, 'time'], { steps: 2, batch: 0 }),
      role('lengths', ['batch'], { steps: null, batch: 0 }, 'int32'),
    ];
    const { inputs, columns } = await chosenInputs(roles, wish({ row: 1, batch: 2 }), table(), null);
    const values = inputs.get('values');
    assert.deepEqual(values?.shape, [2, 2, 3]);
    assert.deepEqual(values && toNumbers(values), [2, 3, 4, 20, 30, 40, 2, 3, 4, 20, 30, 40]);
    assert.deepEqual(toNumbers(inputs.get('lengths') ?? assert.fail()), [3, 3]);
    assert.deepEqual(
      columns?.map(({ name, values }) => [name, ...values]),
      [
        ['a', 2, 3, 4],
        ['b', 20, 30, 40],
      ],
    );
  });

  it('are the words of a sentence as they stand where each has a label, and in lower case where a text is read', async () => {
    const read = async (task: string) => {
      const json = {
        columns: ['word'],
        scaler: [],
        lookback: 4,
        horizon: 1,
        season: null,
        split: { validation: 0, test: 0 },
      };
      const more = {
        time: null,
        timeStep: null,
        vocabulary: ['Left', 'hope', 'left', "o'clock:"],
        text: { read: 'words', most: 9 },
      };
      const texts = Object.entries({ ...json, ...more }).map(([key, value]) => [key, JSON.stringify(value)] as const);
      const plain = { task, target: 'tag', anchor: 'none', missing: 'drop', unroll: '1' };
      const metadata = decodeMetadata({ ...Object.fromEntries(texts), ...plain }, 'model');
      const roles = [tokens(['batch', 'steps'])];
      const { inputs, characters } = await chosenInputs(
        roles,
        wish({ kind: 'text', text: "Left  hope o'clock:" }),
        null,
        metadata,
      );
      return [characters, toNumbers(inputs.get('tokens') ?? assert.fail())];
    };
    assert.deepEqual(await read('label'), [
      ['Left', 'hope', "o'clock:"],
      [0, 1, 3],
    ]);
    assert.deepEqual(await read('classify'), [
      ['left', 'hope', "o'clock", ':'],
      [2, 1, 4, 4],
    ]);
  });

  it('are standardised over the whole file where that is asked for, and shown as the file has them', async () => {
    const { inputs, columns } = await chosenInputs(
      [role('values', ['t', 1, 1])],
      wish({ standardised: true, steps: 4 }),
      table(),
      null,
    );
    const deviation = Math.sqrt(1.25);
    const expected = [1, 2, 3, 4].map((value) => (value - 2.5) / deviation);
    toNumbers(inputs.get('values') ?? assert.fail()).forEach((value, i) => {
      assert.ok(Math.abs(value - (expected[i] ?? 0)) < 1e-6, `${value}`);
    });
    assert.deepEqual([...(columns?.[0]?.values ?? [])], [1, 2, 3, 4]);
  });

  it('are fewer rows where the file ends and the model leaves the number of steps free', async () => {
    const read = async (shape: readonly Dim[]) =>
      (await chosenInputs([role('values', shape)], wish({ row: 2, steps: 9 }), table(), null)).inputs.get('values')
        ?.shape;
    assert.deepEqual(await read(['t', 1, 1]), [2, 1, 1]);
    await assert.rejects(read([3, 1, 1]), /has 4 rows, so there are no 3 of them from row 3 on/);
  });

  it('are refused where the file has too few columns of numbers, or the model reads none or several sequences', async () => {
    const reject = (roles: readonly InputRole[], pattern: RegExp) =>
      assert.rejects(chosenInputs(roles, wish({}), table(), null), pattern);
    await reject([role('values', ['t', 1, 3])], /has 2 columns of numbers and the model reads 3/);
    await reject([tokens([1, 't'])], /reads no numbers step by step/);
    await reject([role('values', ['t', 1, 1]), role('values', ['t', 1, 1])], /several sequences/);
    await reject([role('values', ['t', 1, 'wide'])], /how many numbers its input values has/);
  });

  it('are the tokens of a text, the longest that fit first', async () => {
    const vocabulary = folder.write('v.json', JSON.stringify({ vocabulary: ['a', 'b', 'ab', '<unk>', ''] }));
    const { inputs, characters } = await chosenInputs(
      [tokens(['n', 't'])],
      wish({ kind: 'text', text: 'aabxb' }),
      vocabulary,
      null,
    );
    const read = inputs.get('tokens');
    assert.deepEqual(
      [read?.shape, read && toNumbers(read)],
      [
        [1, 4],
        [0, 2, 3, 1],
      ],
    );
    assert.deepEqual(characters, ['a', 'ab', 'x', 'b']);
  });

  it('are the end of a text where the model fixes the number of steps', async () => {
    const vocabulary = folder.write('v.json', JSON.stringify({ a: 0, b: 1 }));
    const asked = (text: string) => chosenInputs([tokens([2, 3])], wish({ kind: 'text', text }), vocabulary, null);
    assert.deepEqual(toNumbers((await asked('aabab')).inputs.get('tokens') ?? assert.fail()), [1, 0, 1, 1, 0, 1]);
    await assert.rejects(asked('ab'), /has 2 tokens and the model reads 3/);
    await assert.rejects(asked(''), /no text to read/);
    await assert.rejects(asked('abc'), /no token for "c"/);
  });

  it('are refused where the vocabulary is not the model’s or is none', async () => {
    const asked = (content: string | null, known = 5) =>
      chosenInputs(
        [tokens([1, 't'], { tokens: known })],
        wish({ kind: 'text', text: 'ab' }),
        content === null ? null : folder.write('v.json', content),
        null,
      );
    await assert.rejects(asked('["b", "x", "a"]', 2), /gives "a" the number 2, and the model knows 2 tokens/);
    await assert.rejects(asked('{"a": -1}'), /holds no vocabulary/);
    await assert.rejects(asked('nonsense'), /cannot be read as JSON/);
    await assert.rejects(asked(null), /choose its vocabulary/);
    assert.deepEqual((await asked('{"model": {"vocab": {"a": 1, "b": 0, "__proto__": 2}}}')).characters, ['a', 'b']);
  });
});
