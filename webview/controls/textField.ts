import { element } from '../dom';

export interface TextControl {
  readonly root: HTMLElement;
  show(shown: boolean): void;
  /** Changes the text without telling anybody. */
  set(value: string): void;
}

/** A line of text with its label before it. */
export function textField(label: string, value: string, most: number, onChange: (value: string) => void): TextControl {
  const input = element('input', {
    type: 'text',
    value,
    maxlength: most,
    spellcheck: 'false',
    autocomplete: 'off',
    'aria-label': label,
  });
  input.addEventListener('change', () => onChange(input.value));
  const root = element(
    'span',
    { class: 'field line' },
    element('span', { class: 'label', 'aria-hidden': 'true' }, label),
    input,
  );
  return {
    root,
    show: (shown) => {
      root.hidden = !shown;
    },
    set: (next) => {
      input.value = next;
    },
  };
}
