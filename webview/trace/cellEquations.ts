import { type Equation, nameOf, textOf } from '../../extension/protocol/cellLanguage';
import { element, setText } from '../dom';
import { t } from '../l10n';
import { fillEquation, type ValueOf } from './cellValues';

/** Equations whose numbers change with the step. */
export interface CellEquations {
  readonly root: HTMLElement;
  /** Puts the values of one unit in; `set` says of a state what it was set to, or null. */
  fill(known: ValueOf, set: (state: string) => number | null): void;
}

/** A cell's equations, each with the values put in below or beside it. */
export function cellEquations(
  equations: readonly Equation[],
  label: string,
  write: (value: number) => string,
): CellEquations {
  const rows = equations.map((equation) => {
    const filled = element('td', { class: 'filled figures' });
    const result = element('td', { class: 'result figures' });
    const row = element(
      'tr',
      {},
      element('th', { scope: 'row' }, nameOf(equation)),
      element('td', { class: 'formula' }, `=\u2002${textOf(equation.value)}`),
      filled,
      result,
    );
    return { equation, filled, result, row };
  });
  const root = element(
    'table',
    { class: 'equations filledIn', 'aria-label': label },
    element('tbody', {}, ...rows.map(({ row }) => row)),
  );
  return {
    root,
    fill: (known, set) => {
      for (const { equation, filled, result } of rows) {
        const found = fillEquation(equation, known, write);
        const forced = equation.next ? set(equation.name) : null;
        const put = found.filled === '' ? '' : `=\u2002${found.filled}`;
        result.classList.toggle('said', forced !== null || found.departs !== null);
        setText(filled, found.departs === null ? put : `${put} = ${write(found.departs)}`);
        setText(
          result,
          forced !== null
            ? t('set to {0}', write(forced))
            : found.departs === null
              ? `=\u2002${write(found.result)}`
              : t('but the model has {0}', write(found.result)),
        );
      }
    },
  };
}
