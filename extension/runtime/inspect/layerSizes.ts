import type { TracedModel } from '../../core/trace/traceModel';
import type { Session, Values } from '../session/session';

/** How long one layer's sequences are, how many there are of them, and how many units each of its states has. */
export interface LayerSizes {
  readonly steps: number;
  readonly batch: number;
  readonly units: ReadonlyMap<string, number>;
}

/** The sizes of every layer of a traced model for what it is fed. */
export async function layerSizes(
  session: Session,
  { layers }: Pick<TracedModel, 'layers'>,
  feeds: Values,
): Promise<readonly LayerSizes[]> {
  const states = layers.map((layer) => layer.signals.filter(({ name }) => layer.states.includes(name)));
  const names = [...new Set(states.flatMap((signals) => signals.map(({ output }) => output)))];
  const values = names.length === 0 ? {} : await session.run(feeds, names);
  return states.map((signals) => {
    const dims = (output: string | undefined) => values[output ?? '']?.dims ?? [];
    const [steps, batch] = dims(signals[0]?.output);
    return {
      steps: steps ?? 0,
      batch: batch ?? 1,
      units: new Map(signals.map(({ name, output }) => [name, dims(output)[2] ?? 0])),
    };
  });
}
