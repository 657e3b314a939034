import assert from 'node:assert/strict';
import { textOf } from '../../../../extension/core/cells/language';
import { planCell } from '../../../../extension/core/cells/plan';
import { cells } from '../../../../extension/core/cells/table';

describe('cells', () => {
  it('stand in the table under their own names', () => {
    for (const [name, cell] of Object.entries(cells)) assert.equal(cell.name, name);
  });

  it('derive states, signals and ranges from the equations', () => {
    assert.deepEqual(cells.lstm.states, ['c', 'h']);
    assert.deepEqual(
      cells.lstm.signals.map(({ name, range }) => `${name} ${range}`),
      ['i gate', 'o gate', 'f gate', 'g signed', 'c signed', 'h signed'],
    );
    assert.deepEqual(cells.gru.states, ['h']);
  });

  it('plan one product for all gates that allow it', () => {
    assert.deepEqual(planCell(cells.lstm).common, ['i', 'o', 'f', 'g']);
    assert.deepEqual(
      planCell(cells.lstm).runs.map(({ fn, gates }) => `${fn} ${gates.join('')}`),
      ['σ iof', 'tanh g'],
    );
    const after = planCell(cells.gru);
    assert.deepEqual(
      [after.common, after.onState],
      [
        ['z', 'r'],
        ['z', 'r', 'n'],
      ],
    );
    assert.deepEqual(
      after.given.map(({ value }) => textOf(value)),
      ['Wn x + Wbn'],
      'the reset gate multiplies Rbn, so it cannot move outside',
    );
    const before = planCell(cells.gruResetBefore);
    assert.deepEqual(before.onState, ['z', 'r'], 'the candidate multiplies r ⊙ h, not h');
    assert.deepEqual(
      before.given.map(({ value }) => textOf(value)),
      ['Wn x + Wbn + Rbn'],
    );
  });

  it('compute what does not depend on the state for all steps at once', () => {
    const plan = planCell(cells.minGru);
    assert.deepEqual(
      plan.free.map(({ name }) => name),
      ['z', 'n'],
    );
    assert.deepEqual(
      plan.bound.map(({ value }) => textOf(value)),
      ['given 1 + given 2 ⊙ h'],
    );
    const peephole = planCell(cells.lstmPeephole);
    assert.deepEqual(peephole.common, ['i', 'o', 'f', 'g']);
    assert.deepEqual(
      peephole.runs.map(({ fn, gates }) => `${fn} ${gates.join('')}`),
      ['null i', 'null o', 'null f', 'tanh g'],
    );
  });
});
