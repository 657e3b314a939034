import type { SignalOutline, SignalRef } from '../../extension/protocol/inspection';
import { bandsName } from '../../extension/protocol/trace';
import { element } from '../dom';
import { t } from '../l10n';
import { answerNaming } from './answerNaming';
import { isTranscript, shownCharacter, shownName } from './choices';
import { forecastsIn, type TargetOutcome } from './forecasts';
import type { View } from './heatmap';
import { heatRow, type Naming, plainNaming } from './heatRow';
import { pinnedRow } from './pinnedRow';
import { axisRow, columnRow } from './rows';
import { layerTitle, unitCount } from './signals';
import type { TraceSource } from './source';
import type { StackRow } from './stackRow';
import { textRow } from './textRow';
import { colouringOf } from './unitColour';
import type { ViewState } from './viewState';
import { agreement } from './words';

export interface TraceRows {
  readonly rows: readonly StackRow[];
  /** What stands above some of the rows. */
  readonly headings: ReadonlyMap<StackRow, HTMLElement>;
}

/** The rows of a trace: time, what is read, every layer's signals, what comes out. `when` says the time of a step, or nothing. */
export function traceRows(
  source: TraceSource,
  state: ViewState,
  when: (step: number) => string,
  relayout: () => void,
): TraceRows {
  const { outline } = source;
  const headings = new Map<StackRow, HTMLElement>();
  const rows: StackRow[] = [axisRow((step) => when(step) || String(step + 1))];
  const wide = (ref: SignalRef, signal: SignalOutline, naming: Naming) => [
    heatRow(source, ref, signal, naming, state, relayout),
    pinnedRow(source, ref, signal, naming, state, relayout),
  ];
  const add = (heading: HTMLElement | null, made: readonly StackRow[]) => {
    const [first] = made;
    if (heading !== null && first !== undefined) headings.set(first, heading);
    rows.push(...made);
  };
  const forecasts = forecastsIn(outline);
  for (const [index, column] of outline.columns.entries()) {
    const ref = { of: 'column', index } as const;
    const told = forecasts.find(({ target }) => target === column.name);
    if (column.units > 1) rows.push(...wide(ref, column, columnNaming(column)));
    else if (told === undefined) rows.push(columnRow(source, ref, state, [], 48, []));
    else rows.push(columnRow(source, ref, state, continuation(outline.steps, told), 88, key()));
  }
  if (outline.characters !== null) {
    const colouring = (view: View, width: number) => colouringOf(source, state, view, width, 'text');
    rows.push(textRow(t('text'), t('what is read'), outline.characters.map(shownCharacter), colouring));
  }
  for (const [index, layer] of outline.layers.entries()) {
    const title = element(
      'h3',
      {},
      layerTitle(outline.layers, index),
      ' ',
      element('span', { class: 'meaning' }, unitCount(layer.hidden)),
    );
    const own = layer.signals.flatMap((signal, i) =>
      wide({ of: 'layer', layer: index, signal: i }, signal, plainNaming(signal)),
    );
    add(heading(title, element('p', { class: 'meaning' }, agreement(layer))), own);
  }
  for (const [index, output] of outline.outputs.entries()) {
    const ref = { of: 'output', index } as const;
    const made =
      output.units > 1 ? wide(ref, output, plainNaming(output)) : [columnRow(source, ref, state, [], 48, [])];
    add(index === 0 ? heading(element('h3', {}, t('Outputs'))) : null, made);
  }
  const { choices } = outline;
  const answers = source.signal({ of: 'choices' });
  if (choices?.everyStep === true && answers !== null) {
    add(heading(element('h3', {}, t('Answers'))), wide({ of: 'choices' }, answers, answerNaming(choices)));
    if (!isTranscript(choices)) {
      const right = choices.truth.map((name) => (name === null ? null : shownName(name, choices)));
      rows.push(textRow(t('truth'), t('what is right'), right, () => null));
    }
  }
  return { rows, headings };
}

/** A picture says where its bands lie: a spectrogram is often drawn the other way up. */
const columnNaming = (column: SignalOutline): Naming =>
  column.name === bandsName
    ? { ...plainNaming(column), meaning: t('log-mel energies, low at the top') }
    : plainNaming(column);

const heading = (...parts: readonly HTMLElement[]) => element('div', { class: 'heading' }, ...parts);

/** What followed the window, and what the model said would: the truth as rings, the forecast as dots. */
function continuation(steps: number, { truth, forecast }: TargetOutcome): Parameters<typeof columnRow>[3] {
  return [
    { values: truth, start: steps, colour: 'ink', points: 'ring' },
    { values: forecast, start: steps, colour: 'orange', points: 'dot' },
  ];
}

function key(): readonly Node[] {
  return [
    element('span', { class: 'meaning' }, element('span', { class: 'ring', 'aria-hidden': 'true' }, '○ '), t('truth')),
    element(
      'span',
      { class: 'meaning' },
      element('span', { class: 'dot', 'aria-hidden': 'true' }, '● '),
      t('forecast'),
    ),
  ];
}
