import type { TraceOutline } from '../../extension/protocol/inspection';
import type { ModelPurpose, RecurrentLayer } from '../../extension/protocol/model';
import type { InputKind } from '../../extension/protocol/trace';
import { t } from '../l10n';
import { number } from '../numbers';

/** Which way a layer reads, in words. */
export function directionName(direction: RecurrentLayer['direction']): string {
  switch (direction) {
    case 'forward':
      return t('forwards');
    case 'reverse':
      return t('backwards');
    case 'bidirectional':
      return t('both directions');
  }
}

/** What a model that Unroll exported was trained to do: one sentence. */
export function purposeOf({ task, target, moreTargets, columns, lookback, horizon }: ModelPurpose): string {
  const together = moreTargets.length === 0 ? '' : ` ${t('Together with it, {0}.', moreTargets.join(t(', ')))}`;
  const reads = columns.length === 0 ? '' : ` ${t('It reads {0}.', columns.join(t(', ')))}`;
  switch (task) {
    case 'forecast':
      if (horizon === 1)
        return t('Trained to forecast the next {0} from the last {1} rows.', target, lookback) + together + reads;
      return (
        t('Trained to forecast the next {0} values of {1} from the last {2} rows.', horizon, target, lookback) +
        together +
        reads
      );
    case 'classify':
      return t('Trained to tell the {0} of up to {1} rows.', target, lookback) + reads;
    case 'label':
      return t('Trained to tell the {0} of every row, {1} rows at a time.', target, lookback) + reads;
    case 'language':
      return t('Trained to tell the next character of a text, {0} characters at a time.', lookback);
    case 'translate':
      return t('Trained to translate {0} into {1}.', columns.join(t(', ')), target);
    case 'transcribe':
      return t('Trained to write the {0} of up to {1} rows.', target, lookback) + reads;
  }
}

/** What was read, and what came out that has no place on the time axis. */
export function said(input: InputKind, { steps, results, columns }: TraceOutline, file: string | null): string {
  const read = {
    zeros: t('The model reads zeros for {0} steps.', steps),
    noise: t('The model reads standard normal noise for {0} steps.', steps),
    impulse: t('The model reads a one at the first of {0} steps, then zeros.', steps),
    file: t('The model reads {0}, which has {1} steps; its first sequence is shown.', file ?? '', steps),
    rows: t('The model reads {0} rows of {1}: {2}.', steps, file ?? '', columns.map(({ name }) => name).join(t(', '))),
    text: t('The model reads a text of {0} tokens.', steps),
  }[input];
  const numbers = results.map(
    ({ name, values }) => `${name}: ${values.map((value) => number(value, 3)).join(t(', '))}.`,
  );
  return [read, ...numbers].join(' ');
}
