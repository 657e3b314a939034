import assert from 'node:assert/strict';
import { layerNormalized } from '../../../../extension/core/cells/layerNorm';
import { linearForm } from '../../../../extension/core/cells/linearForm';
import { cellParameters } from '../../../../extension/core/cells/parameters';
import { planCell } from '../../../../extension/core/cells/plan';
import { cells } from '../../../../extension/core/cells/table';
import { textOf } from '../../../../extension/protocol/cellLanguage';

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

  const shapes = (cell: Parameters<typeof cellParameters>[0]) =>
    cellParameters(cell, 3, 4).map(({ name, shape, gates }) => `${name} ${shape.join('x')} ${gates.join('')}`);

  it('have the parameters that their equations name, in one order', () => {
    assert.deepEqual(shapes(cells.lstm), ['W 16x3 iofg', 'R 16x4 iofg', 'Wb 16x1 iofg', 'Rb 16x1 iofg']);
    assert.deepEqual(shapes(cells.lstmPeephole).slice(4), ['P 12x1 iof'], "ONNX's order of peepholes");
    assert.deepEqual(shapes(cells.lstmCoupled)[0], 'W 12x3 iog');
    assert.deepEqual(shapes(cells.mgu), ['W 8x3 fn', 'R 8x4 fn', 'Wb 8x1 fn']);
    assert.deepEqual(shapes(cells.minGru), ['W 8x3 zn', 'Wb 8x1 zn']);
    assert.deepEqual(shapes(cells.characterRnn)[1], 'R 8x4 hy');
  });

  it('are normalised with a gain for every product and for a cell state on its way out', () => {
    const cell = layerNormalized(cells.lstmPeephole);
    assert.deepEqual(shapes(cell).slice(4), ['P 12x1 iof', 'Gw 16x1 iofg', 'Gr 16x1 iofg', 'G 4x1 c', 'B 4x1 c']);
    assert.deepEqual(cell.steps.map(({ text }) => text).slice(-2), [
      "o = σ(Gwo ⊙ norm(Wo x) + Wbo + Gro ⊙ norm(Ro h) + Rbo + Po ⊙ c')",
      "h' = o ⊙ tanh(Gc ⊙ norm(c') + Bc)",
    ]);
    assert.equal(layerNormalized(cell), cell);
    assert.deepEqual(shapes(layerNormalized(cells.minGru)), ['W 8x3 zn', 'Wb 8x1 zn', 'Gw 8x1 zn']);
  });

  it('are solved for all steps at once only where nothing but the sum reads the state', () => {
    const linear = Object.values(cells).filter((cell) => linearForm(cell) !== null);
    assert.deepEqual(
      linear.map(({ name }) => name),
      ['minGru', 'minLstm'],
    );
    const form = linearForm(cells.minGru);
    assert.deepEqual(form && [textOf(form.alpha), textOf(form.beta)], ['1 − z', 'z ⊙ n']);
  });
});
