import assert from 'node:assert/strict';
import { Bleu } from '../../../../extension/data/judging/bleu';

/** Figures of sacrebleu 2.5 without smoothing, on texts that are cut into words already. */
const cases: readonly { readonly bleu: number; readonly pairs: readonly (readonly [string, ...string[]])[] }[] = [
  { bleu: 80.91067115702207, pairs: [['the cat sat on the mat today', 'the cat sat on the mat']] },
  {
    bleu: 0,
    pairs: [['the the the the the the the', 'the cat is on the mat', 'there is a cat on the mat']],
  },
  {
    bleu: 50.456668400584846,
    pairs: [
      [
        'it is a guide to action which ensures that the military always obeys the commands of the party',
        'it is a guide to action that ensures that the military will forever heed party commands',
        'it is the guiding principle which guarantees the military forces always being under the command of the party',
        'it is the practical guide for the army always to heed the directions of the party',
      ],
    ],
  },
  {
    bleu: 54.33224021602914,
    pairs: [
      ['il est tard .', 'il est tard .'],
      ['je suis une grande personne .', 'je suis une grande fille .', 'je suis grande .'],
      ['va !', 'va !', 'vas-y !'],
      ['nous avons faim', 'nous avons tous très faim .'],
    ],
  },
  { bleu: 54.88116360940266, pairs: [['a b c d e', 'a b c d e f g h']] },
];

const words = (text: string) => text.split(' ');

describe('BLEU', () => {
  for (const { bleu: expected, pairs } of cases) {
    it(`of "${pairs[0]?.[0]}" is sacrebleu's`, () => {
      const bleu = new Bleu();
      for (const [translation, ...references] of pairs) bleu.add(words(translation), references.map(words));
      assert.ok(Math.abs((bleu.metrics()['bleu'] ?? -1) - expected) < 1e-9, `${bleu.metrics()['bleu']}`);
    });
  }

  it('counts what is word for word one of the references', () => {
    const bleu = new Bleu();
    bleu.add(
      ['va', '!'],
      [
        ['vas-y', '!'],
        ['va', '!'],
      ],
    );
    bleu.add(['va', '.'], [['va', '!']]);
    assert.equal(bleu.metrics()['exactMatch'], 0.5);
  });

  it('leaves out lengths that no sentence has, and is nothing of nothing', () => {
    const bleu = new Bleu();
    assert.deepEqual(bleu.metrics(), {});
    bleu.add(['va', '!'], [['va', '!']]);
    assert.equal(bleu.metrics()['bleu'], 100);
    const empty = new Bleu();
    empty.add([], [['va']]);
    assert.deepEqual(empty.metrics(), { bleu: 0, exactMatch: 0 });
  });
});
