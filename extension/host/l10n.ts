import * as vscode from 'vscode';
import { toFailure } from '../protocol/errors';
import { format, type Message, type Translations } from '../protocol/messages';

/** The sentence in the display language; the English template is the key. */
export function t(template: string, ...args: readonly (string | number)[]): string {
  return vscode.l10n.t(template, ...args);
}

/** A message of the engine or of a module without vscode, in the display language. */
export function translate(text: Message): string {
  return format(text, translations());
}

/** The one sentence of anything thrown, in the display language. */
export function sentenceOf(error: unknown): string {
  return translate(toFailure(error).text);
}

/** The bundle of the display language, for modules and webviews that translate by themselves; empty for English. */
export function translations(): Translations {
  return vscode.l10n.bundle ?? {};
}
