import type { TracedModel } from '../../core/trace/traceModel';
import type { Session, Values } from '../session/session';

/** How long one layer's sequences are, and how many there are of them. */
export interface LayerSizes {
  readonly steps: number;
  readonly batch: number;
}

/** The sizes of every layer of a traced model for what it is fed. */
export async function layerSizes(
  session: Session,
  { layers }: Pick<TracedModel, 'layers'>,
  feeds: Values,
): Promise<readonly LayerSizes[]> {
  const firsts = layers.map(({ signals }) => signals[0]?.output ?? '');
  const values = firsts.length === 0 ? {} : await session.run(feeds, [...new Set(firsts)]);
  return firsts.map((name) => {
    const [steps, batch] = values[name]?.dims ?? [];
    return { steps: steps ?? 0, batch: batch ?? 1 };
  });
}
