import type { FindingCode } from '../../protocol/doctor';
import type { Message } from '../../protocol/messages';
import type { ExternalPart } from '../onnx/externalData';
import type { Model } from '../onnx/read';

/** What a model's bytes do not say. */
export interface Surroundings {
  /** How it stands with the file of an external tensor. */
  placeOf(part: ExternalPart): 'there' | 'missing' | 'outside';
  /** Which axes of an input are its steps and its batch, each with a name. */
  axesOf(model: Model, input: string): readonly (readonly [axis: number, name: string])[];
}

/** One place of a model that something ails. */
export interface Place {
  /** The node's name; null where it is not about one node. */
  readonly node: string | null;
  readonly what: Message;
  /** Why it matters, and what to do. */
  readonly why: Message;
  /** Puts it right in the model in which it was found; null where nothing can. */
  readonly repair: (() => void) | null;
}

/** Something that can ail a model. */
export interface Ailment {
  readonly code: FindingCode;
  /** Whether a model with it is wrong or does not run; else it could merely be used for more. */
  readonly isFault: boolean;
  /** Whether a model that was repaired computes the same numbers as before. */
  readonly keepsNumbers: boolean;
  /** Whether no copy of a model with it could run, so that nothing else can be repaired either. */
  readonly isFinal?: true;
  /** Whether a repair puts in nodes as operator set 13 has them; the copy of an older model is then of that set. */
  readonly newOperators?: true;
  find(model: Model, surroundings: Surroundings): readonly Place[];
}
