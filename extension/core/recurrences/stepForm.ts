import { recurrence } from '../cells/recurrence';
import { type ReadStepForm, readStepForm } from '../cells/stepForm';
import { elements } from '../describe/texts';
import type { Builder } from '../graph/builder';
import type { Graph, Node } from '../graph/graph';
import { Value } from '../graph/value';
import { expose, exposed, type TracedLayer } from '../trace/tracedLayer';
import type { FoundRecurrence } from './recurrence';
import { scanReads } from './scanReads';

/** A Scan that we wrote for a cell without a fused operator; null for every other node. */
export function findStepForm(graph: Graph, node: Node): FoundRecurrence | null {
  const read = readStepForm(graph, node);
  if (read === null) return null;
  const { cell, hidden, input, reverse, parameters, preparation } = read;
  return {
    name: node.name,
    realisation: 'stepForm',
    node,
    op: cell.title,
    title: cell.title,
    hidden,
    input,
    direction: reverse ? 'reverse' : 'forward',
    parameters: Object.values(parameters).reduce((sum, value) => sum + elements(value), 0),
    gates: cell.gates,
    equations: cell.steps.map(({ text }) => text),
    nodes: new Set([...preparation, node]),
    reads: scanReads(node),
    obstacle: null,
    trace: (b) => [tracedScan(b, node, read)],
  };
}

/** A Scan of ours, once more with every signal. */
function tracedScan(b: Builder, node: Node, stepForm: ReadStepForm): TracedLayer {
  const { cell, hidden, reverse, output } = stepForm;
  const { signals } = recurrence(b, { ...stepForm, form: 'step', signals: cell.signals.map(({ name }) => name) });
  const batchFirst = new Map([...signals].map(([name, value]) => [name, b.transpose(value, [0, 2, 1])]));
  const type = { ...output.type, shape: output.type.shape ?? ['steps', hidden, 'batch'] };
  const Y = b.unsqueeze(b.transpose(new Value(output.name, type), [0, 2, 1]), [1]);
  return {
    node: node.name,
    op: cell.title,
    direction: reverse ? 'reverse' : 'forward',
    hidden,
    equations: cell.steps.map(({ text }) => text),
    signals: exposed(b, cell, batchFirst),
    states: cell.states,
    fused: { output: expose(b, Y), direction: 0, signal: cell.output },
  };
}
