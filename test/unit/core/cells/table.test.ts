import assert from 'node:assert/strict';
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
    assert.deepEqual([after.common, after.others, after.onState], [['z', 'r'], ['n'], ['z', 'r', 'n']]);
    assert.ok(!after.folded.has('Rbn'), 'the reset gate multiplies this bias, so it cannot move outside');
    const before = planCell(cells.gruResetBefore);
    assert.deepEqual(before.onState, ['z', 'r'], 'the candidate multiplies r ⊙ h, not h');
    assert.ok(before.folded.has('Rbn'));
  });
});
