import type { Reason } from '../../protocol/data';
import type { Message } from '../../protocol/messages';

/** A choice and why it was made. */
export interface Guess<T> {
  readonly value: T;
  readonly why: Message;
}

/** Takes what a draft says, else a guess, and keeps the reason for every guess. */
export class Chooser {
  readonly reasons: Reason[] = [];

  /** `choice` is the dotted path of the choice in the experiment. */
  take<T>(choice: string, asked: T | undefined, guess: () => Guess<NoInfer<T>>): T {
    if (asked !== undefined) return asked;
    const { value, why } = guess();
    this.reasons.push({ choice, why });
    return value;
  }
}
