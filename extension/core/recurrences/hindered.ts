import { message } from '../../protocol/messages';
import { bodiesOf, type Graph, type Node } from '../graph/graph';
import { intOf } from '../ops/arguments';
import { findBody } from './body/findBody';
import { type Constants, constantsOf } from './numeric/constants';
import { cellOf, findOperator } from './operator';
import type { FoundRecurrence } from './recurrence';
import { findStepForm } from './stepForm';

/**
 * An LSTM of onnxruntime that keeps its weights in eight bits (`com.microsoft.DynamicQuantizeLSTM`); null for every other node. What it reads is
 * rounded to eight bits at every step too, by a scale of that step, so that its gates cannot be told from outside.
 */
export function findQuantised(node: Node, constants: Constants): FoundRecurrence | null {
  if (node.domain !== 'com.microsoft' || node.op !== 'DynamicQuantizeLSTM') return null;
  const { inputs, attributes } = node;
  const [X, W, R, B, lengths, h, c, P] = inputs;
  const shapeOf = (value: typeof X) => value?.type.shape ?? (value ? constants(value)?.shape : null) ?? null;
  // Unlike ONNX's own, its weights are [directions, columns, gates·hidden].
  const hidden = intOf(attributes, 'hidden_size', Number(shapeOf(R)?.[1]));
  const input = Number(shapeOf(W)?.[1]);
  const cell = cellOf({ ...node, op: 'LSTM', domain: '' });
  const direction = attributes['direction']?.kind === 'string' ? attributes['direction'].value : 'forward';
  const states = [h, c].flatMap((value) => (value ? [{ value, kind: 'state' as const, steps: null, batch: 1 }] : []));
  return {
    name: node.name,
    realisation: 'quantised',
    node,
    op: node.op,
    title: 'LSTM (8 bits)',
    hidden: Number.isNaN(hidden) ? null : hidden,
    input: Number.isNaN(input) ? null : input,
    direction: direction === 'bidirectional' || direction === 'reverse' ? direction : 'forward',
    parameters: [W, R, B, P].reduce(
      (sum, value) => sum + (shapeOf(value)?.reduce<number>((a, b) => a * Number(b), 1) ?? 0),
      0,
    ),
    gates: cell?.gates ?? [],
    equations: cell?.steps.map(({ text }) => text) ?? [],
    nodes: new Set([node]),
    reads: [
      ...(X ? [{ value: X, kind: 'values' as const, steps: 0, batch: 1 }] : []),
      ...(lengths ? [{ value: lengths, kind: 'lengths' as const, steps: null, batch: 0 }] : []),
      ...states,
    ],
    obstacle: message(
      'The LSTM "{0}" rounds what it reads to eight bits at every step, so its gates cannot be followed; open the model as it was before it was quantised.',
      node.name,
    ),
    trace: () => [],
  };
}

/**
 * The recurrences in the bodies of a graph's nodes, bodies of bodies included: they are listed, but their signals are those of every run of the
 * body, and are not followed. The bodies of Scans and Loops are steps themselves, in which only whole recurrences count.
 */
export function nestedRecurrences(graph: Graph, outer: Constants = constantsOf(graph)): readonly FoundRecurrence[] {
  return graph.nodes.flatMap((node) =>
    bodiesOf(node).flatMap((body) => {
      const constants = constantsOf(body, outer);
      const own = body.nodes.flatMap((inner) => {
        const found = findOperator(inner, constants) ?? findQuantised(inner, constants) ?? findStepForm(body, inner);
        return found === null ? findBody(inner, constants) : [found];
      });
      const hindered = own.map(
        (found): FoundRecurrence => ({
          ...found,
          obstacle: message(
            'The {0} "{1}" stands in a body of the {2} "{3}", and only what runs once in every run of a model is followed step by step.',
            found.op,
            found.name,
            node.op,
            node.name,
          ),
          trace: () => [],
        }),
      );
      return [...hindered, ...nestedRecurrences(body, constants)];
    }),
  );
}
