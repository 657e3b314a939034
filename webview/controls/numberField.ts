import { element } from '../dom';

export interface NumberControl {
  readonly root: HTMLElement;
  show(shown: boolean): void;
  /** Changes the number without telling anybody. */
  set(value: number): void;
}

/**
 * A number from `min` to `max` with its label before it, a whole one unless `step` says how far the arrows go; anything else that is typed
 * goes back to what was there.
 */
export function numberField(
  label: string,
  value: number,
  { min, max, step }: { readonly min: number; readonly max: number; readonly step?: number },
  onChange: (value: number) => void,
): NumberControl {
  const input = element('input', { type: 'number', min, max, step: step ?? 1, value, 'aria-label': label });
  let valid = value;
  input.addEventListener('change', () => {
    const typed = input.valueAsNumber;
    if ((step !== undefined || Number.isInteger(typed)) && typed >= min && typed <= max) {
      valid = typed;
      onChange(typed);
    } else input.value = String(valid);
  });
  const root = element(
    'span',
    { class: 'field' },
    element('span', { class: 'label', 'aria-hidden': 'true' }, label),
    input,
  );
  return {
    root,
    show: (shown) => {
      root.hidden = !shown;
    },
    set: (next) => {
      valid = next;
      input.value = String(next);
    },
  };
}
