import type { DType, Tensor } from '../tensor';

/** A dimension: a number, or a name where it is free. Equal names are equal sizes. */
export type Dim = number | string;

/** What is known of a value; `shape` is null where not even the rank is. */
export interface ValueType {
  readonly dtype: DType;
  readonly shape: readonly Dim[] | null;
}

/** One tensor in a graph. Identity is the object; the name is what ONNX calls it and is unique in its model. */
export class Value {
  constructor(
    public name: string,
    readonly type: ValueType,
    /** The content, where it is fixed: constants, and the weights of an exported model. */
    readonly constant: Tensor | null = null,
  ) {}
}
