/** What stands in a sentence; a message in it is translated too. */
export type Argument = string | number | Message;

/**
 * A sentence for a person, kept apart from its arguments so that whoever shows it can translate it.
 * `template` is the English sentence with `{0}`, `{1}`… where the arguments go; it is also the key of the translation.
 */
export interface Message {
  readonly template: string;
  readonly args: readonly Argument[];
}

/** Makes a message. A test reads every call of this function to know which sentences the translations must cover. */
export function message(template: string, ...args: readonly Argument[]): Message {
  return { template, args };
}

/** Translations: from the English template to the template in another language. */
export type Translations = Readonly<Record<string, string>>;

/** Puts the arguments into a message's template, translated where a translation exists. */
export function format(text: Message, translations: Translations = {}): string {
  const template = translations[text.template] ?? text.template;
  return template.replace(/\{(\d+)\}/g, (whole, index: string) => {
    const arg = text.args[Number(index)];
    if (arg === undefined) return whole;
    return typeof arg === 'object' ? format(arg, translations) : String(arg);
  });
}
