import type { Handlers } from '../../../protocol/channel';
import { UnrollError } from '../../../protocol/errors';
import { checkRun } from '../../runs/runFolder';
import { examineFile, repairFile } from '../doctor';
import { openEditable } from '../edited';
import { initializerSummary } from '../initializer';
import { stillWanted } from '../inspected';
import { describeFile } from '../modelFile';
import { inspectOpened, openModel } from '../openedModel';
import { predict } from '../predict';
import { RunInspector } from '../runInspector';
import { answersFrom } from '../store/answers';
import type { KeptTrace } from '../store/keptTrace';
import { TraceStore } from '../store/traceStore';
import type { InspectorContract } from './contract';

/** Everything that an inspection process does: it looks into models and runs, and answers from the traces that it keeps. */
export class Inspector {
  private readonly runs = new RunInspector();
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
        return { outline: store.keep(as, trace, source).outline, window: trace.window, windows: trace.windows };
      },
      traceModel: async ({ model, wish, file, as }, signal) => {
        const { trace, source } = await inspectOpened(model, wish, file, signal);
        return { outline: store.keep(as, trace, source).outline, input: trace.input };
      },
      edit: async ({ trace, edits, as }, signal) => {
        const kept = store.get(trace);
        const original = kept.edited?.original ?? kept;
        if (edits.length === 0) return store.keep(as, original.shown, original.source).outline;
        const { model, feeds, item, shown } = original.source;
        await stillWanted(signal);
        const editable = await openEditable(model(), feeds, item);
        try {
          await stillWanted(signal);
          const changed = shown(await editable.trace(edits, original.outline.steps));
          return store.keep(as, changed, original.source, { original, edits }).outline;
        } finally {
          await editable.release();
        }
      },
      gradientChoices: ({ trace }) => notYet(store.get(trace), 'gradientChoices'),
      gradients: ({ trace }) => notYet(store.get(trace), 'gradients'),
      forecast: ({ run, horizonStep }) => runs.forecast(checkRun(run), horizonStep),
      model: ({ run }) => runs.model(checkRun(run)),
      openModel: ({ model }) => openModel(model),
      initializer: ({ model, name }) => initializerSummary(model, name),
      describe: ({ model }) => describeFile(model),
      examine: ({ model }) => examineFile(model),
      repair: ({ model, out, codes }) => repairFile(model, out, null, codes),
      predict: ({ model, data }) => predict(model, data),
    };
  }
}

function notYet(_: KeptTrace, name: string): never {
  throw new UnrollError('internal', 'Nobody answers the request "{0}".', name);
}
