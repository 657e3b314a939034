import assert from 'node:assert/strict';
import { parseEquations, textOf } from '../../extension/protocol/cellLanguage';
import { cellGraph } from '../../webview/trace/cellGraph';
import { fillEquation, nodeValue, type ValueOf } from '../../webview/trace/cellValues';
import { simulate, steps } from './fixtures/simulated';

const write = (value: number) => value.toFixed(2).replace('-', '−');
const of =
  (values: Readonly<Record<string, number>>): ValueOf =>
  (name) =>
    values[name] ?? Number.NaN;

function filled(text: string, values: Readonly<Record<string, number>>) {
  const [equation] = parseEquations(text);
  assert.ok(equation);
  return fillEquation(equation, of(values), write);
}

describe('equations with their values', () => {
  it('puts numbers in where only numbers of one unit stand', () => {
    const found = filled("c' = f ⊙ c + i ⊙ g", { f: 0.91, c: -0.32, i: 0.44, g: 0.8, "c'": 0.91 * -0.32 + 0.44 * 0.8 });
    assert.equal(found.filled, '0.91 ⊙ −0.32 + 0.44 ⊙ 0.80');
    assert.equal(found.departs, null);
    assert.equal(
      filled("h' = (1 − z) ⊙ n + z ⊙ h", { z: 0.25, n: -0.5, h: -2 }).filled,
      '(1 − 0.25) ⊙ −0.50 + 0.25 ⊙ −2.00',
    );
    assert.equal(filled('f = 1 − i', { i: -0.25, f: 1.25 }).filled, '1 − (−0.25)');
  });

  it('says what a gate was given, from what its function gave', () => {
    assert.equal(filled('i = σ(Wi x + Ri h + Wbi)', { i: 1 / (1 + Math.exp(-0.5)) }).filled, 'σ(0.50)');
    assert.equal(filled('i = σ(Wi x + Ri h + Wbi)', { i: 1 }).filled, '');
    assert.equal(filled("h' = Wh x + Rh h", { "h'": 3 }).filled, '');
    assert.equal(filled("h' = Wh x + Rh h", { "h'": 3 }).result, 3);
  });

  it('leaves a name where there is no number, and says what departs', () => {
    assert.equal(filled("c' = f ⊙ c + i ⊙ g", { f: 0.5, i: 0.5, g: 1, "c'": 0.5 }).filled, '0.50 ⊙ c + 0.50 ⊙ 1.00');
    assert.equal(filled("h' = o ⊙ tanh(c')", { o: 0.5, "c'": 0, "h'": 0.7 }).departs, 0);
  });

  it('leaves operands of matrices as they are: they are all units', () => {
    const [equation] = parseEquations('n = tanh(Rn (r ⊙ h) + r ⊙ (Rn h))');
    assert.ok(equation);
    assert.equal(
      textOf(equation.value, () => '1'),
      'tanh(Rn (r ⊙ h) + 1 ⊙ Rn h)',
    );
  });

  it('agrees at every step and unit with a cell that was computed by hand, forwards and backwards', () => {
    const { layers } = simulate([]).trace.trace;
    let compared = 0;
    for (const { equations, direction, states, signals, hidden } of layers.slice(0, 2)) {
      const read = parseEquations(equations.join('\n'));
      const { nodes } = cellGraph(read);
      for (let step = 0; step < steps; step++) {
        for (let unit = 0; unit < hidden; unit++) {
          const at = (name: string, t: number) =>
            t < 0 || t >= steps
              ? Number.NaN
              : (signals.find((signal) => signal.name === name)?.values[t * hidden + unit] ?? Number.NaN);
          const known: ValueOf = (name) => {
            if (name.endsWith("'")) return at(name.slice(0, -1), step);
            return at(name, states.includes(name) ? step + (direction === 'reverse' ? 1 : -1) : step);
          };
          for (const equation of read) {
            const { departs, filled: text } = fillEquation(equation, known, write);
            assert.equal(departs, null, `${equation.text} at step ${step} of unit ${unit}`);
            if (/\d/.test(text)) compared += 1;
          }
          for (const { value, name, kind } of nodes) {
            // What stands under a name is what the equation makes of the numbers that flow into it.
            if (kind !== 'operator' || name === null) continue;
            const made = nodeValue({ id: '', kind, label: '', name: null, value, inputs: [] }, known);
            if (Number.isFinite(made)) assert.ok(Math.abs(made - known(name)) < 1e-5);
          }
        }
      }
    }
    assert.ok(compared > 1500, `${compared} equations had numbers`);
  });
});
