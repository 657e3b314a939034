import type { CellName, Experiment } from '../../protocol/experiment';

/** What is built: everything that decides the shapes and the equations of a forecaster, and nothing about its training. */
export interface ForecasterSpec {
  /** Columns that the model reads; the target is the first. */
  readonly features: number;
  /** Past rows in a window. */
  readonly lookback: number;
  /** Future rows that are forecast. */
  readonly horizon: number;
  readonly layers: readonly { readonly cell: CellName; readonly hidden: number }[];
  readonly anchor: 'last' | 'none';
}

/** The forecaster that an experiment describes. */
export function forecasterSpec({ data, model }: Experiment): ForecasterSpec {
  return {
    features: 1 + data.features.length,
    lookback: data.lookback,
    horizon: data.horizon,
    layers: model.layers,
    anchor: model.anchor,
  };
}
