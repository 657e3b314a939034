import { element, setText } from '../dom';

export interface EquationList {
  readonly root: HTMLElement;
  /** Writes a value beside each equation whose left side `lookUp` knows. */
  fill(lookUp: (name: string) => string | null): void;
}

/** A cell's equations, aligned at their equal signs. */
export function equationList(equations: readonly string[], label: string): EquationList {
  const values: { readonly name: string; readonly cell: HTMLElement }[] = [];
  const rows = equations.map((equation) => {
    const at = equation.indexOf('=');
    const left = at < 0 ? '' : equation.slice(0, at).trim();
    const right = at < 0 ? equation.trim() : equation.slice(at + 1).trim();
    const cell = element('td', { class: 'figures' });
    values.push({ name: left.replace(/['′]/g, ''), cell });
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, left),
      element('td', { class: 'formula' }, at < 0 ? '' : '=\u2002', right),
      cell,
    );
  });
  const root = element('table', { class: 'equations', 'aria-label': label }, element('tbody', {}, ...rows));
  return {
    root,
    fill: (lookUp) => {
      for (const { name, cell } of values) setText(cell, lookUp(name) ?? '');
    },
  };
}
