import type { Handlers } from '../../../protocol/channel';
import type { Gradients } from '../../../protocol/inspection';
import { checkRun } from '../../runs/runFolder';
import { examineFile, repairFile } from '../doctor';
import { generate } from '../generate';
import { byColumn, gradientChoicesOf, gradientsOf } from '../gradients';
import { initializerSummary } from '../initializer';
import { stillWanted } from '../inspected';
import { describeFile } from '../modelFile';
import { inspectOpened, openModel } from '../openedModel';
import { predict } from '../predict';
import { RunInspector } from '../runInspector';
import { answersFrom } from '../store/answers';
import type { Shown } from '../store/outline';
import { TraceStore } from '../store/traceStore';
import type { InspectorContract } from './contract';
import { Editables } from './editables';

/** Everything that an inspection process does: it looks into models and runs, and answers from the traces that it keeps. */
export class Inspector {
  private readonly runs = new RunInspector();
  private readonly editables = new Editables<Shown>();
  private readonly store: TraceStore;

  constructor(mostBytes?: number) {
    this.store = new TraceStore(mostBytes);
  }

  get handlers(): Handlers<InspectorContract> {
    const { runs, store } = this;
    return {
      ...answersFrom(store),
      ping: () => ({}),
      forget: ({ traces }) => {
        store.forget(traces);
        return {};
      },
      trace: async ({ run, window, as }, signal) => {
        const { trace, source } = await runs.inspect(checkRun(run), window, signal);
        const { windows, series } = trace;
        const { outline } = store.keep(as, trace, source);
        return { outline, window: trace.window, windows, ...(series !== undefined && { series }) };
      },
      traceModel: async ({ model, wish, file, as }, signal) => {
        const { trace, source } = await inspectOpened(model, wish, file, signal);
        return { outline: store.keep(as, trace, source).outline, input: trace.input };
      },
      edit: async ({ trace, edits, as }, signal) => {
        const kept = store.get(trace);
        const original = kept.edited?.original ?? kept;
        if (edits.length === 0) return store.keep(as, original.shown, original.source).outline;
        const { source } = original;
        await stillWanted(signal);
        const editable = await this.editables.of(source);
        await stillWanted(signal);
        const changed = source.shown(await editable.trace(edits, source.fed.steps));
        return store.keep(as, changed, source, { original, edits }).outline;
      },
      gradientChoices: ({ trace }) => {
        const { shown, source } = store.get(trace);
        return gradientChoicesOf(shown.trace.outputs, source.fed);
      },
      gradients: async ({ trace, of, integrated }, signal) => {
        const { outline, source } = store.get(trace);
        const { model, feeds, item, fed } = source;
        const { steps } = fed;
        await stillWanted(signal);
        const gradients = await gradientsOf(model(), feeds, item, of, integrated, { steps, edits: outline.edits });
        const { inputs, ...rest } = withoutPadding(gradients, outline.steps);
        return { ...rest, inputs: byColumn(inputs, outline.columns) };
      },
      forecast: ({ run, ...choice }) => runs.forecast(checkRun(run), choice),
      model: ({ run }) => runs.model(checkRun(run)),
      openModel: ({ model }) => openModel(model),
      initializer: ({ model, name }) => initializerSummary(model, name),
      describe: ({ model }) => describeFile(model),
      examine: ({ model }) => examineFile(model),
      repair: ({ model, out, codes }) => repairFile(model, out, null, codes),
      generate: async ({ model, wish }, signal) => ({ text: await generate(model, wish, signal) }),
      predict: ({ model, data }) => predict(model, data),
    };
  }
}

/** Only the steps that the trace shows. */
const withoutPadding = ({ layers, inputs, ...rest }: Gradients, steps: number): Gradients => ({
  ...rest,
  layers: layers.map((states) => states.map(({ state, norms }) => ({ state, norms: norms.slice(0, steps) }))),
  inputs: inputs.map((input) => ({ ...input, values: input.values.slice(0, steps * input.units) })),
});
