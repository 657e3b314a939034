import assert from 'node:assert/strict';
import { judgeClasses } from '../../../extension/data/judging/classes';
import { judgeForecasts } from '../../../extension/data/judging/forecasts';
import type { Judge } from '../../../extension/data/judging/judge';
import { judgeLanguage } from '../../../extension/data/judging/language';
import { judgeTranscripts } from '../../../extension/data/judging/transcripts';
import { judgeTranslations } from '../../../extension/data/judging/translations';
import { type Task, tasks } from '../../../extension/protocol/experiment';
import { mainMetric } from '../../../extension/protocol/metrics';
import { judged } from '../../support/judged';

describe('the main metric', () => {
  /** A judge of one sequence whose answer is 0, or of classes and symbols the one with the highest number. */
  const first = (_: number, visit: (step: number, truth: number) => void) => visit(0, 0);
  const judges: Readonly<Record<Task, () => Judge>> = {
    forecast: () => judgeForecasts(judged(2, Float64Array.of(0, 0)), 'test'),
    classify: () => judgeClasses({ classes: ['a', 'b'], everyStep: false }, first),
    label: () => judgeClasses({ classes: ['a', 'b'], everyStep: true, labels: true }, first),
    language: () => judgeLanguage(2, first),
    transcribe: () =>
      judgeTranscripts(
        ['a'],
        () => 1,
        () => 'a',
      ),
    translate: () =>
      judgeTranslations(
        () => 0,
        () => [['a']],
        ([token = 0]) => (token > 0.5 ? 'a' : 'b'),
      ),
  };

  for (const task of tasks) {
    it(`of ${task} is one that its judge gives, and is better for the better answer`, () => {
      const { name, better } = mainMetric[task];
      const [wrong, right] =
        task === 'transcribe'
          ? [
              [0.9, 0.1],
              [0.1, 0.9],
            ]
          : task === 'forecast'
            ? [
                [1, 1],
                [0, 0],
              ]
            : [
                [0.1, 0.9],
                [0.9, 0.1],
              ];
      const of = (answers: readonly number[]) => {
        const judge = judges[task]();
        judge.add([0], 1, Float32Array.from(answers), 1);
        return judge.metrics()[name] ?? Number.NaN;
      };
      assert.ok(better === 'less' ? of(right) < of(wrong) : of(right) > of(wrong), `${of(right)} ${of(wrong)}`);
    });
  }
});
