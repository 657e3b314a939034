import type { EngineContract } from '../../../protocol/engine';
import type { InspectionRequests, TraceId } from '../../../protocol/inspection';

type Asked = Pick<EngineContract['requests'], (typeof inspected)[number]>;

/** Those of the engine's requests that a process of their own answers, because they read or run a model that anybody may have made. */
export const inspected = [
  'trace',
  'traceModel',
  'openModel',
  'initializer',
  'describe',
  'predict',
  'generate',
  'examine',
  'repair',
  'forecast',
  'model',
  'tile',
  'lines',
  'steps',
  'order',
  'seek',
  'project',
  'match',
  'edit',
  'gradientChoices',
  'gradients',
] as const satisfies readonly (keyof EngineContract['requests'])[];

/** What an inspection process answers. */
export interface InspectorContract {
  readonly requests: { readonly [K in keyof Asked]: Asked[K] } & {
    readonly [K in Making]: {
      readonly params: Asked[K]['params'] & { readonly as: TraceId };
      readonly result: Asked[K]['result'];
    };
  } & {
    readonly forget: EngineContract['requests']['forget'];
    /** Answers as soon as the process has time to. */
    readonly ping: { readonly params: Record<never, never>; readonly result: Record<never, never> };
  };
  readonly events: Record<never, never>;
}

/** Those that make a trace, which is kept under the name `as`. */
export type Making = 'trace' | 'traceModel' | 'edit';
export const making: ReadonlySet<string> = new Set<Making>(['trace', 'traceModel', 'edit']);

/** Those that only read off a kept trace: they take moments and need not wait for one another. */
export const readingOff: ReadonlySet<string> = new Set<keyof InspectionRequests>([
  'tile',
  'lines',
  'steps',
  'order',
  'seek',
  'project',
]);
