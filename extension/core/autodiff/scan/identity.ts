import type { Graph } from '../../graph/graph';
import { Value } from '../../graph/value';

/** A copy of `value` made at the end of a body, so that it can be an output beside the one that `value` is already. */
export function identityIn(body: Graph, value: Value): Value {
  const copy = new Value(body.names.claim('Identity'), value.type);
  body.nodes.push({ op: 'Identity', domain: '', name: copy.name, inputs: [value], outputs: [copy], attributes: {} });
  return copy;
}
