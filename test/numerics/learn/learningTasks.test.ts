import assert from 'node:assert/strict';
import { at } from '../../../extension/core/ops/arguments';
import { embeddedReber, isRight, symbols, toContinue } from '../../learn/reberGrammar';
import { drawing, labelledBatch, several } from '../../learn/sequences';
import { learningTasks } from '../../learn/tasks';

/** The tasks that take a second or two; `npm run test:learn` runs all of them from several seeds. */
const quick = ['adding', 'anbn', 'continual'];

describe('what recurrent networks learn', () => {
  for (const name of quick) {
    it(name, async () => {
      const task = learningTasks.find((each) => each.name === name) ?? assert.fail(`There is no task "${name}".`);
      const { solved, figure } = await task.run(1);
      assert.ok(solved, `${task.measure}: ${figure}`);
    }).timeout(120_000);
  }

  it('is asked of tasks with names of their own', () => {
    assert.equal(new Set(learningTasks.map(({ name }) => name)).size, learningTasks.length);
  });
});

describe('the embedded Reber grammar', () => {
  // Written independently of the generator: what a Reber string looks like (Reber 1967).
  const reber = /^B(T|P)B(TS*X(XT*V(PXT*V)*(PS|V)|S)|P(T*V(PXT*V)*(PS|V)))E\1E$/;
  const random = drawing(1, 0);
  const strings = several(2000, () => embeddedReber(random));

  it('gives strings of the grammar', () => {
    for (const { text } of strings) assert.match(text, reber);
  });

  it('says of each symbol what else could have been there', () => {
    for (const { text, legal } of strings) {
      assert.equal(legal.length, text.length);
      for (const [i, allowed] of legal.entries()) assert.ok(allowed.includes(at([...text], i)), `${text} at ${i}`);
    }
    // Whatever is said to be legal after some beginning comes up after it.
    const seen = new Map<string, Set<string>>();
    for (const { text } of strings) {
      for (let i = 0; i < 5; i++)
        seen.set(text.slice(0, i), (seen.get(text.slice(0, i)) ?? new Set()).add(at([...text], i)));
    }
    for (const { text, legal } of strings) {
      for (let i = 0; i < 5; i++) assert.equal(seen.get(text.slice(0, i))?.size, legal[i]?.length);
    }
  });

  it('is right where the symbols that may follow are the most probable', () => {
    const answers = (order: string) => ({ value: (k: number) => order.length - order.indexOf(at([...symbols], k)) });
    assert.ok(isRight(answers('TPBSXVE'), 'TP', 0, 0));
    assert.ok(isRight(answers('PTBSXVE'), 'TP', 0, 0));
    assert.ok(!isRight(answers('TBPSXVE'), 'TP', 0, 0));
    assert.ok(!isRight(answers('PTBSXVE'), 'T', 0, 0));
  });

  it('is read one symbol behind', () => {
    const { x, y, weight } = labelledBatch([toContinue('BTB'), toContinue('BPBT')], 4);
    assert.deepEqual([...(x?.data ?? [])], [0, 0, 1, 2, 0, 0, 0, 0]);
    assert.deepEqual([...(y?.data ?? [])], [1, 2, 0, 0, 0, 1, 0, 0]);
    assert.deepEqual([...(weight?.data ?? [])], [1, 1, 1, 1, 0, 1, 0, 0]);
  });
});
