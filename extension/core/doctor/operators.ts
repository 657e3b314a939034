import type { Node } from '../graph/graph';
import type { Model } from '../onnx/read';
import { findRecurrences } from '../recurrences/findRecurrences';

/** The fused recurrent operators of a model. */
export const operatorsOf = ({ graph }: Model): readonly Node[] =>
  findRecurrences(graph).flatMap(({ realisation, node }) =>
    realisation === 'operator' && node !== null ? [node] : [],
  );
