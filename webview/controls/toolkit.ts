import './nonce';
import {
  type Button,
  type Checkbox,
  type Dropdown,
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeProgressRing,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import { element, setAttribute } from '../dom';
import { type IconName, icon } from './icons';

/** Makes the toolkit's elements known to the browser. Nothing but this module knows the toolkit. */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(
    vsCodeButton(),
    vsCodeCheckbox(),
    vsCodeDropdown(),
    vsCodeOption(),
    vsCodeProgressRing(),
    vsCodeTextField(),
  );
}

export interface ButtonControl {
  readonly root: HTMLElement;
  show(shown: boolean): void;
  enable(enabled: boolean): void;
  /** Changes what an icon button means. */
  mean(label: string, icon: IconName): void;
}

/** A button with words. */
export function button(label: string, onClick: () => void, appearance: 'primary' | 'secondary'): ButtonControl {
  const root = document.createElement('vscode-button') as Button;
  root.appearance = appearance;
  root.textContent = label;
  root.addEventListener('click', onClick);
  return control(root);
}

/** A button with a picture; its words are its name for screen readers and its tooltip. */
export function iconButton(label: string, name: IconName, onClick: () => void): ButtonControl {
  const root = document.createElement('vscode-button') as Button;
  root.setAttribute('appearance', 'icon');
  root.addEventListener('click', onClick);
  const made = control(root);
  made.mean(label, name);
  return made;
}

function control(root: Button): ButtonControl {
  return {
    root,
    show: (shown) => {
      root.hidden = !shown;
    },
    enable: (enabled) => {
      root.disabled = !enabled;
    },
    mean: (label, name) => {
      root.setAttribute('aria-label', label);
      root.title = label;
      root.replaceChildren(icon(name));
    },
  };
}

export interface ChoiceControl {
  readonly root: HTMLElement;
  /** Replaces the choices; the one whose value is `selected` is chosen. */
  offer(choices: readonly { readonly value: string; readonly text: string }[], selected: string): void;
  choose(value: string): void;
}

/** A dropdown with its label before it. */
export function dropdown(label: string, onChange: (value: string) => void): ChoiceControl {
  const list = document.createElement('vscode-dropdown') as Dropdown;
  list.setAttribute('aria-label', label);
  list.addEventListener('change', () => onChange(list.value));
  const root = element(
    'span',
    { class: 'field' },
    element('span', { class: 'label', 'aria-hidden': 'true' }, label),
    list,
  );
  return {
    root,
    offer: (choices, selected) => {
      const options = choices.map(({ value, text }) => {
        const option = document.createElement('vscode-option');
        option.setAttribute('value', value);
        option.textContent = text;
        setAttribute(option, 'selected', value === selected);
        return option;
      });
      list.replaceChildren(...options);
      list.value = selected;
    },
    choose: (value) => {
      // Choices that were offered just now are taken in later, and then the one that says it is selected would be.
      for (const option of list.children) setAttribute(option, 'selected', option.getAttribute('value') === value);
      list.value = value;
    },
  };
}

export interface CheckControl {
  readonly root: HTMLElement;
  check(checked: boolean): void;
}

/** A check box; `mark`, where given, stands between the box and its label. */
export function checkbox(
  label: string,
  checked: boolean,
  onChange: (checked: boolean) => void,
  mark: Element | null = null,
): CheckControl {
  const root = document.createElement('vscode-checkbox') as Checkbox;
  root.append(...(mark === null ? [] : [mark]), label);
  root.setAttribute('aria-label', label);
  setAttribute(root, 'checked', checked);
  root.addEventListener('change', () => onChange(root.checked));
  return {
    root,
    check: (value) => {
      root.checked = value;
    },
  };
}

/** Turns while something is awaited. */
export function progressRing(): HTMLElement {
  const ring = document.createElement('vscode-progress-ring');
  ring.setAttribute('aria-hidden', 'true');
  return ring;
}
