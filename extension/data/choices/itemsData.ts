import type { CheckedDraft, Experiment } from '../../protocol/experiment';
import { formOf } from '../table/tableForm';
import { horizonDefault } from './defaults';

type Data = Experiment['data'];

/** The data of items that are read whole, or of a text: what belongs to rows in time is as it is where there are none. */
export function itemsData(
  asked: CheckedDraft['data'],
  own: Pick<Data, 'target' | 'features' | 'split' | 'lookback'> & Partial<Data>,
): Data {
  return {
    path: asked.path,
    time: null,
    series: null,
    moreTargets: [],
    known: [],
    text: null,
    sound: null,
    missing: asked.missing ?? 'drop',
    transform: 'none',
    scaler: 'none',
    scaleBy: 'all',
    horizon: asked.horizon ?? horizonDefault,
    embargo: null,
    ...formOf(asked),
    season: null,
    ...own,
  };
}
