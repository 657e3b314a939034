import { UnrollError } from '../../protocol/errors';
import { recurrence, type StateChanges } from '../cells/recurrence';
import { type ReadStepForm, readStepForm } from '../cells/stepForm';
import { elements } from '../describe/texts';
import type { Builder } from '../graph/builder';
import type { Graph, Node } from '../graph/graph';
import { Value } from '../graph/value';
import { type Change, changesOf } from '../trace/change';
import { expose, exposed, type TracedLayer } from '../trace/tracedLayer';
import type { FoundRecurrence } from './recurrence';
import { scanReads } from './scanReads';
import { standIn } from './standIn';

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
    trace: (b, change) => [change === undefined ? tracedScan(b, node, read) : changedScan(b, node, read, change)],
  };
}

/** A Scan of ours, once more with every signal. */
function tracedScan(b: Builder, node: Node, stepForm: ReadStepForm): TracedLayer {
  const { hidden, output } = stepForm;
  const { signals } = written(b, stepForm);
  const type = { ...output.type, shape: output.type.shape ?? ['steps', hidden, 'batch'] };
  return layerOf(b, node, stepForm, signals, new Value(output.name, type));
}

/** A Scan of ours, written anew with its states changed; there is nothing but itself that it could be compared with. */
function changedScan(b: Builder, node: Node, stepForm: ReadStepForm, change: Change): TracedLayer {
  const { cell, x } = stepForm;
  const dtype = x.type.dtype === 'float64' ? 'float64' : 'float32';
  return standIn(b, node, () => {
    const changes = changesOf(change, cell.states, { layer: 0, dtype });
    const { signals, finals } = written(b, stepForm, changes);
    const output = signals.get(cell.output);
    if (output === undefined) throw new UnrollError('internal', 'A cell gives out no {0}.', cell.output);
    return { values: [...finals, output], result: layerOf(b, node, stepForm, signals, output) };
  });
}

const written = (b: Builder, stepForm: ReadStepForm, changes: StateChanges = new Map()) =>
  recurrence(b, { ...stepForm, form: 'step', signals: stepForm.cell.signals.map(({ name }) => name), changes });

/** What is shown of it; signals and `output` are [steps, hidden, batch]. */
function layerOf(
  b: Builder,
  node: Node,
  { cell, hidden, reverse }: ReadStepForm,
  signals: ReadonlyMap<string, Value>,
  output: Value,
): TracedLayer {
  const batchFirst = new Map([...signals].map(([name, value]) => [name, b.transpose(value, [0, 2, 1])]));
  const Y = b.unsqueeze(b.transpose(output, [0, 2, 1]), [1]);
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
