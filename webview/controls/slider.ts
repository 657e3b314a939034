import { element, setText } from '../dom';

export interface SliderControl {
  readonly root: HTMLElement;
  /** Sets the range and the value without telling anybody. */
  set(value: number, min: number, max: number): void;
  /** Gives it another label. */
  name(label: string): void;
}

/**
 * A slider with its label before it and its value, in words, after it. The toolkit has none, so this is the browser's own in
 * the theme's colours.
 * @param words says the value for people and for screen readers.
 */
export function slider(
  label: string,
  step: number,
  words: (value: number) => string,
  onInput: (value: number) => void,
): SliderControl {
  const input = element('input', { type: 'range', step, 'aria-label': label });
  const said = element('output', { class: 'figures', 'aria-hidden': 'true' });
  const tell = () => {
    const text = words(input.valueAsNumber);
    setText(said, text);
    input.setAttribute('aria-valuetext', text);
    const span = Number(input.max) - Number(input.min);
    input.style.setProperty('--filled', `${span > 0 ? ((input.valueAsNumber - Number(input.min)) / span) * 100 : 0}%`);
  };
  input.addEventListener('input', () => {
    tell();
    onInput(input.valueAsNumber);
  });
  const named = element('span', { class: 'label', 'aria-hidden': 'true' }, label);
  const root = element('span', { class: 'field slider' }, named, input, said);
  return {
    root,
    set: (value, min, max) => {
      input.min = String(min);
      input.max = String(max);
      input.value = String(value);
      input.disabled = max <= min;
      tell();
    },
    name: (other) => {
      setText(named, other);
      input.setAttribute('aria-label', other);
    },
  };
}
