import type { StateEdit, TraceOutline } from '../../extension/protocol/inspection';
import { t } from '../l10n';
import { signalName } from './signalName';
import { layerTitle } from './signals';

/** What an edit does, as a sentence. */
export function editSentence({ layers, steps }: TraceOutline, edit: StateEdit): string {
  const layer = layers[edit.layer];
  const place = layers.length > 1 && layer !== undefined ? `${layerTitle(layers, edit.layer)}, ` : '';
  const what = `${place}${t('{0} of unit {1}', signalName(edit.state), edit.unit + 1)}`;
  const all = edit.from === 0 && edit.to === steps;
  if (all && edit.value === 0) return t('{0} is ablated: 0 after every step.', what);
  if (all) return t('{0} is held at {1} after every step.', what, edit.value);
  if (edit.to === edit.from + 1) return t('{0} is set to {1} after step {2}.', what, edit.value, edit.from + 1);
  return t('{0} is set to {1} after steps {2} to {3}.', what, edit.value, edit.from + 1, edit.to);
}

/** Whether two edits set the same number: then the later one takes the place of the other. */
export const setTheSame = (a: StateEdit, b: StateEdit): boolean =>
  a.layer === b.layer && a.state === b.state && a.unit === b.unit && a.from === b.from && a.to === b.to;
