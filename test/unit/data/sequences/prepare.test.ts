import assert from 'node:assert/strict';
import { loadData } from '../../../../extension/data/load';
import type { ClassData, TranscriptData } from '../../../../extension/data/prepared';
import { UnrollError } from '../../../../extension/protocol/errors';
import type { Draft, Experiment } from '../../../../extension/protocol/experiment';
import { format } from '../../../../extension/protocol/messages';
import { filled } from '../../../support/batches';
import { experimentOn } from '../../../support/experiments';
import { temporaryFolder } from '../../../support/temporaryFolder';

type Changes = Pick<Draft, 'model'> & { readonly loss?: NonNullable<NonNullable<Draft['training']>['loss']> };

function experiment(
  task: Experiment['task'],
  data: Partial<Experiment['data']>,
  { model, loss }: Changes = {},
): Experiment {
  const name = task === 'transcribe' ? 'ctc' : 'crossEntropy';
  return experimentOn(
    { path: 'a.csv', features: ['x'], scaler: 'none', ...data },
    { task, ...(model && { model }), training: { loss: { name, ...loss } } },
  );
}

const says = (code: string, pattern: RegExp) => (error: unknown) =>
  error instanceof UnrollError && error.code === code && pattern.test(error.message) && !error.message.includes('\n');

describe('sequences with classes', () => {
  const folder = temporaryFolder();
  const load = async (content: string, whole: Experiment) => {
    folder.write('a.csv', content);
    return loadData(folder.path, whole);
  };
  const classified = async (content: string, whole: Experiment): Promise<ClassData> => {
    const data = await load(content, whole);
    assert.ok(data.task === 'classify' || data.task === 'label');
    return data;
  };

  // Ten rows: x is the row, y is odd or even, but unknown in row 4.
  const rows = `x,y\n${Array.from({ length: 10 }, (_, i) => `${i},${i === 4 ? '' : i % 2 ? 'odd' : 'even'}\n`).join('')}`;
  // Six sequences of 1, 3, 2, 3, 1 and 5 rows; the class is the sequence's, only its last row has it.
  const lengths = [1, 3, 2, 3, 1, 5];
  const grouped = `s,x,y\n${lengths
    .flatMap((length, s) =>
      Array.from({ length }, (_, i) => `s${s},${10 * s + i},${i === length - 1 ? (s % 2 ? 'b' : 'a') : ''}\n`),
    )
    .join('')}`;

  it('are windows with the class of their last row', async () => {
    const data = await classified(rows, experiment('classify', { lookback: 2, split: { validation: 0, test: 0.4 } }));
    assert.deepEqual(data.shape, {
      steps: 2,
      input: { kind: 'values', features: 1 },
      targets: 2,
      longest: 0,
      masked: false,
      classCounts: [1, 3],
    });
    assert.deepEqual(data.classes, ['even', 'odd']);
    // Rows 0 to 5: windows end in 1, 2, 3 and 5; row 4 has no class.
    assert.deepEqual(data.windows, { train: 4, validation: 0, test: 3 });
    const { x, y, weight, mask } = filled(data, 'train', [0, 3], 3);
    assert.deepEqual(Array.from(x), [0, 4, 0, 1, 5, 0]);
    assert.deepEqual(Array.from(y), [1, 1, 0]);
    assert.deepEqual(Array.from(weight), [1, 1, 0]);
    assert.equal(mask, undefined);
    assert.ok(y instanceof Int32Array);
    assert.deepEqual(Array.from(filled(data, 'test', [0, 1, 2]).x), [6, 7, 8, 7, 8, 9]);
  });

  it('have a class at every step, each row counted once', async () => {
    const data = await classified(rows, experiment('label', { lookback: 4, split: { validation: 0, test: 0.4 } }));
    assert.deepEqual(data.windows, { train: 2, validation: 0, test: 1 });
    const { x, y, weight } = filled(data, 'train', [0, 1]);
    assert.deepEqual(Array.from(x), [0, 2, 1, 3, 2, 4, 3, 5]);
    // Row 4 has no class; the second window goes back over rows 2 and 3.
    assert.deepEqual(Array.from(weight), [1, 0, 1, 0, 1, 0, 1, 1]);
    assert.deepEqual(Array.from(y), [0, 0, 1, 0, 0, 0, 1, 1]);
    assert.deepEqual(data.shape.classCounts, [2, 3]);
  });

  it('are whole where a column tells them apart, padded at their end and masked', async () => {
    const whole = experiment('classify', { series: 's', lookback: 3, split: { validation: 0.2, test: 0.2 } });
    const data = await classified(grouped, whole);
    assert.deepEqual(data.windows, { train: 4, validation: 1, test: 1 });
    assert.equal(data.shape.steps, 3);
    assert.equal(data.shape.masked, true);
    const { x, y, weight, mask } = filled(data, 'train', [0, 1, 2], 4);
    assert.deepEqual(Array.from(x), [0, 10, 20, 0, 0, 11, 21, 0, 0, 12, 0, 0]);
    assert.deepEqual(Array.from(mask ?? []), [1, 1, 1, 0, 0, 1, 1, 0, 0, 1, 0, 0]);
    assert.deepEqual(Array.from(y), [0, 1, 0, 0]);
    assert.deepEqual(Array.from(weight), [1, 1, 1, 0]);
    // The longest keeps its last rows, and that is said.
    assert.deepEqual(Array.from(filled(data, 'test', [0]).x), [52, 53, 54]);
    assert.match(data.notes.map((note) => format(note)).join(), /1 sequences have more than 3 rows/);
  });

  it('answer at every step of the sequence where the head reads every step, and are judged at the last', async () => {
    const model = { pooling: 'every' } as const;
    const whole = experiment('classify', { series: 's', lookback: 3, split: { validation: 0, test: 0.2 } }, { model });
    const data = await classified(grouped, whole);
    const { y, weight } = filled(data, 'train', [1, 2], 2, 'every');
    assert.deepEqual(Array.from(y), [1, 0, 1, 0, 1, 0]);
    assert.deepEqual(Array.from(weight), [1, 1, 1, 1, 1, 0]);
    const judge = data.judge('train');
    // [steps, classes, batch]: sequence 1 is right at its third step, sequence 2 at its second.
    judge.add([1, 2], 2, Float32Array.of(1, 0, 0, 1, 1, 1, 0, 0, 0, 0, 1, 1), 2);
    assert.equal(judge.metrics()['accuracy'], 1);
  });

  it('leaves nothing of the batch before in the buffers', async () => {
    const data = await classified(
      grouped,
      experiment('classify', { series: 's', lookback: 3, split: { validation: 0, test: 0.2 } }),
    );
    const used = filled(data, 'train', [1, 3, 1]);
    data.fill('train', [0], 3, used);
    assert.deepEqual(used, filled(data, 'train', [0], 3));
  });

  it('scale by the training part, which ends with a sequence', async () => {
    const whole = experiment('classify', {
      series: 's',
      lookback: 5,
      scaler: 'minMax',
      split: { validation: 0.2, test: 0.2 },
    });
    const data = await classified(grouped, whole);
    // Sequences 0 to 3: x from 0 to 32.
    assert.deepEqual(
      data.scalers.map(({ offset, scale }) => [offset, scale]),
      [[0, 32]],
    );
    assert.equal(filled(data, 'test', [0]).x[0], Math.fround(50 / 32));
  });

  it('are judged beside the most frequent class of the training part', async () => {
    const data = await classified(rows, experiment('classify', { lookback: 2, split: { validation: 0, test: 0.4 } }));
    // Test windows end in 7, 8, 9; training has more odd ones.
    assert.equal(data.baselines('test')['majority']?.metrics['accuracy'], 2 / 3);
    assert.deepEqual(data.baselines('validation'), {});
    const judge = data.judge('test');
    judge.add([0, 1, 2], 3, Float32Array.of(0, 1, 0, 1, 0, 1), 3);
    assert.deepEqual(judge.metrics(), { accuracy: 1, macroF1: 1, mcc: 1 });
  });

  it('refuse what cannot be learnt', async () => {
    const split = { validation: 0, test: 0.4 };
    await assert.rejects(
      load(rows.replace('9,odd', '9,new'), experiment('classify', { lookback: 2, split })),
      says('data', /class "new" of y/),
    );
    await assert.rejects(
      load(rows.replaceAll('even', 'odd'), experiment('label', { lookback: 2, split })),
      says('data', /"odd" throughout/),
    );
    await assert.rejects(
      load(rows, experiment('label', { lookback: 5, split })),
      says('data', /2 sequences to training, 0 to validation and 0 to the test/),
    );
    await assert.rejects(load(rows, experiment('classify', { series: 'z', split })), says('data', /no column z/));
  });

  it('leave out sequences without a class, and say so', async () => {
    const whole = experiment('classify', { series: 's', lookback: 9, split: { validation: 0, test: 0.2 } });
    const data = await classified(grouped.replace('s0,0,a', 's0,0,'), whole);
    assert.equal(data.windows.train, 4);
    assert.match(data.notes.map((note) => format(note)).join(), /1 sequences without a value of y/);
  });
});

describe('sequences with transcripts', () => {
  const folder = temporaryFolder();
  const whole = experiment('transcribe', {
    series: 's',
    lookback: 9,
    target: 'text',
    split: { validation: 0, test: 0.25 },
  });
  const load = async (transcripts: readonly string[], lengths: readonly number[]): Promise<TranscriptData> => {
    const lines = lengths.flatMap((length, s) =>
      Array.from({ length }, (_, i) => `${s},${i},${i === 0 ? transcripts[s] : ''}\n`),
    );
    folder.write('a.csv', `s,x,text\n${lines.join('')}`);
    const data = await loadData(folder.path, whole);
    assert.ok(data.task === 'transcribe');
    return data;
  };

  it('number the characters from 1, for 0 is the blank, and pad with -1', async () => {
    const data = await load(['ba', 'aab', 'b', 'ab'], [2, 4, 3, 5]);
    assert.deepEqual(data.symbols, ['a', 'b']);
    assert.deepEqual(data.shape, {
      steps: 5,
      input: { kind: 'values', features: 1 },
      targets: 2,
      longest: 3,
      masked: true,
      classCounts: null,
    });
    const { y, weight, mask } = filled(data, 'train', [0, 1], 3);
    assert.deepEqual(Array.from(y), [2, 1, -1, 1, 1, -1, -1, 2, -1]);
    const steps = [1, 1, 0, 1, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0];
    assert.deepEqual(Array.from(weight), steps);
    assert.deepEqual(Array.from(mask ?? []), steps);
    const { empty, frequentTranscript } = data.baselines('test');
    assert.deepEqual(empty?.metrics, { cer: 1, wer: 1 });
    // "ba" came first of two that stand once; from it to "ab" are two edits.
    assert.deepEqual(frequentTranscript?.metrics, { cer: 1, wer: 1 });
    const judge = data.judge('test');
    // [steps, symbols, batch] of the path a, b, blank, blank, blank.
    judge.add([0], 1, Float32Array.of(0, 1, 0, 0, 0, 1, 1, 0, 0, 1, 0, 0, 1, 0, 0), 1);
    assert.deepEqual(judge.metrics(), { cer: 0, wer: 0 });
  });

  it('refuse a transcript that cannot fit, and name the sequence', async () => {
    await assert.rejects(load(['ab', 'aab', 'b', 'a'], [2, 3, 3, 5]), says('data', /sequence 1 has 3 steps.* needs 4/));
  });

  it('refuse a character that training has not seen', async () => {
    await assert.rejects(load(['a', 'b', 'a', 'c'], [2, 3, 3, 5]), says('data', /sequence 3 has the character "c"/));
  });
});
