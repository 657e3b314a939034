import { UnrollError } from '../extension/protocol/errors';
import { format, type Message, type Translations } from '../extension/protocol/messages';
import { brief } from './numbers';

let translations: Translations = {};

/** Sets the language's sentences; called once, before anything is shown. */
export function useTranslations(bundle: Translations): void {
  translations = bundle;
}

/** A sentence in the language of the page. A test reads every call to know which sentences the translations must cover. */
export function t(template: string, ...args: readonly (string | number)[]): string {
  return say({ template, args });
}

/** A sentence that came from elsewhere, in the language of the page; its numbers are written as the page writes numbers. */
export function say(text: Message): string {
  return format(briefly(text), translations);
}

function briefly({ template, args }: Message): Message {
  return {
    template,
    args: args.map((arg) => (typeof arg === 'number' ? brief(arg) : typeof arg === 'object' ? briefly(arg) : arg)),
  };
}

/** What went wrong, as the sentence to show. */
export function explain(error: unknown): string {
  if (error instanceof UnrollError) return say(error.text);
  return error instanceof Error ? error.message : String(error);
}
