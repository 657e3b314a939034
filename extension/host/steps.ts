import * as vscode from 'vscode';
import { t, translate } from './l10n';
import type { Choice } from './trainingChoices';

/** What came of asking one question. */
export type Answer<T> =
  | { readonly kind: 'chosen'; readonly value: T }
  | { readonly kind: 'back' }
  | { readonly kind: 'left' };

export interface Step<T> {
  readonly title: string;
  readonly placeholder: string;
  /** Counts from 1. */
  readonly step: number;
  readonly steps: number;
  /** The good default first: it is the active one. */
  readonly choices: Promise<readonly Choice<T>[]>;
}

type Item<T> = vscode.QuickPickItem & { readonly value: T };

/** Asks one question of several. The box opens at once and is busy until the choices are known; rejects where they cannot be had. */
export async function ask<T>({ title, placeholder, step, steps, choices }: Step<T>): Promise<Answer<T>> {
  const box = vscode.window.createQuickPick<Item<T>>();
  box.title = title;
  box.step = step;
  box.totalSteps = steps;
  box.placeholder = t('Reading the data…');
  box.busy = true;
  box.ignoreFocusOut = true;
  box.matchOnDescription = true;
  box.buttons = step > 1 ? [vscode.QuickInputButtons.Back] : [];
  const answer = new Promise<Answer<T>>((resolve) => {
    box.onDidAccept(() => {
      // A key that comes quickly after the choices finds the first one active, but not selected yet.
      const [item] = [...box.selectedItems, ...box.activeItems];
      if (item !== undefined) resolve({ kind: 'chosen', value: item.value });
    });
    box.onDidTriggerButton(() => resolve({ kind: 'back' }));
    box.onDidHide(() => resolve({ kind: 'left' }));
  });
  box.show();
  try {
    const first = await Promise.race([answer, choices]);
    if ('kind' in first) return first;
    box.items = first.map(itemOf);
    box.activeItems = box.items.slice(0, 1);
    box.placeholder = placeholder;
    box.busy = false;
    return await answer;
  } finally {
    box.dispose();
  }
}

function itemOf<T>({ label, description, detail, value }: Choice<T>): Item<T> {
  return {
    label: translate(label),
    ...(description === null ? {} : { description: translate(description) }),
    ...(detail === null ? {} : { detail: translate(detail) }),
    value,
  };
}
