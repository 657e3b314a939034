import assert from 'node:assert/strict';
import type { Task } from '../../../../extension/protocol/experiment';
import { format } from '../../../../extension/protocol/messages';
import type { Comparison } from '../../../../extension/protocol/run';
import { verdictOn } from '../../../../extension/runtime/export/report';

const rmse = (value: number) => ({ rmse: value });
const verdict = (model: number, persistence: number, seasonalNaive?: number, comparison: Comparison | null = null) => {
  const baselines = {
    persistence: rmse(persistence),
    ...(seasonalNaive !== undefined && { seasonalNaive: rmse(seasonalNaive) }),
  };
  return format(verdictOn('forecast', rmse(model), baselines, comparison));
};

describe('export/report', () => {
  it('compares with the best baseline', () => {
    assert.match(verdict(8, 10), /8 is 20 % below that of repeating the last value \(10\)/);
    assert.match(verdict(8, 10, 9), /11 % below that of repeating the last season \(9\)/);
    assert.match(verdict(8, 7, 9), /14 % above that of repeating the last value \(7\): do not use/);
    assert.match(verdict(8, 10, 5), /60 % above that of repeating the last season \(5\): do not use/);
  });

  it('says how sure that is', () => {
    const between = (low: number, high: number) => ({
      baseline: 'persistence',
      difference: (low + high) / 2,
      low,
      high,
    });
    assert.match(
      verdict(8, 10, 12, between(-3, -1)),
      /below .+ value \(10\), .+ between -3 and -1: the model is worth/,
    );
    assert.match(verdict(9, 8, 12, between(0.5, 1.5)), /above .+ between 0\.5 and 1\.5: do not use/);
    assert.match(verdict(8, 10, 12, between(-4, 1)), /RMSE of 8 and the 10 of repeating the last value cannot be told/);
    assert.match(verdict(8, 10), /too small to say/);
    const accuracy = (model: number, low: number, high: number) =>
      format(
        verdictOn(
          'classify',
          { accuracy: model },
          { majority: { accuracy: 0.5 } },
          { baseline: 'majority', difference: model - 0.5, low, high },
        ),
      );
    assert.match(accuracy(0.9, 0.3, 0.5), /better than the 0\.5 .+ between 0\.3 and 0\.5: the model is worth having/);
    assert.match(accuracy(0.3, -0.3, -0.1), /worse than the 0\.5 .+ between -0\.3 and -0\.1: do not use/);
    assert.match(accuracy(0.52, -0.1, 0.14), /accuracy of 0\.52 and the 0\.5 .+ cannot be told apart/);
    assert.match(accuracy(0.5, 0, 0), /accuracy is 0\.5, and exactly the same of .+: nothing in the test part/);
  });

  it('knows for each task what is better, and than what', () => {
    const say = (task: Task, metric: string, value: number, floor: number, baseline: string) =>
      format(verdictOn(task, { [metric]: value }, { [baseline]: { [metric]: floor } }));
    assert.match(say('classify', 'accuracy', 0.9, 0.5, 'majority'), /0\.9 is better than the 0\.5 .+ too small to say/);
    assert.match(
      say('classify', 'accuracy', 0.5, 0.5, 'nGrams'),
      /0\.5 is not better .+: do not use .+data\.text\.read/,
    );
    assert.match(say('label', 'accuracy', 0.5, 0.5, 'majority'), /0\.5 is not better than the 0\.5 .+ do not use/);
    assert.match(
      say('language', 'nats', 1.2, 2.5, 'unigram'),
      /loss in nats of 1\.2 is better than the 2\.5 of knowing/,
    );
    assert.match(say('language', 'nats', 2.6, 2.5, 'fiveGram'), /2\.6 is not better .+ n-gram counts .+ do not use/);
    assert.match(say('transcribe', 'cer', 0.1, 1, 'empty'), /0\.1 is better than the 1 of writing nothing/);
    assert.match(
      say('transcribe', 'cer', 1, 1, 'frequentTranscript'),
      /1 is not better than the 1 .+ frequent transcript/,
    );
    assert.match(say('translate', 'bleu', 30, 20, 'copy'), /BLEU of 30 is better than the 20 of copying/);
  });

  it('says so where nothing was tested', () => {
    assert.match(format(verdictOn('forecast', {}, { persistence: {} })), /no test part/);
  });
});
