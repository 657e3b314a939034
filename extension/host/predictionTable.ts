import type { Prediction, SeriesForecast } from '../protocol/engine';

/** A prediction as a document that the user may save. */
export interface PredictionDocument {
  /** The editor's name of the format. */
  readonly language: 'csv' | 'plaintext';
  readonly content: string;
}

/** A prediction as a table, one row an answer; what goes on after a text is a text. */
export function predictionDocument(prediction: Prediction): PredictionDocument {
  if (prediction.task === 'language') return { language: 'plaintext', content: prediction.text };
  return { language: 'csv', content: tableText(rowsOf(prediction)) };
}

type Row = readonly (string | number)[];

type Told = Omit<SeriesForecast, 'series'>;

/** A column for each target, and beside it one for each of its quantiles. */
const headOf = (target: string, told: Told): Row => [
  told.time === null ? 'step' : 'time',
  ...[{ target, ...told }, ...(told.more ?? [])].flatMap(({ target: name, quantiles }) => [
    name,
    ...(quantiles ?? []).map(({ quantile }) => `${name} ${quantile}`),
  ]),
];

/** A row a step of the horizon. */
const stepsOf = (told: Told): readonly Row[] =>
  told.forecast.map((_, step) => {
    const at = told.time?.[step];
    const place = at === undefined ? step + 1 : timeText(at);
    const numbers = [told, ...(told.more ?? [])].flatMap(({ forecast, quantiles }) => [
      forecast[step] ?? '',
      ...(quantiles ?? []).map(({ values }) => values[step] ?? ''),
    ]);
    return [place, ...numbers];
  });

function rowsOf(prediction: Exclude<Prediction, { task: 'language' }>): readonly Row[] {
  switch (prediction.task) {
    case 'forecast':
      return [headOf(prediction.target, prediction), ...stepsOf(prediction)];
    case 'forecasts': {
      const [first] = prediction.answers;
      if (first === undefined) return [];
      return [
        ['series', ...headOf(prediction.target, first)],
        ...prediction.answers.flatMap((answer) => stepsOf(answer).map((row) => [answer.series ?? '', ...row])),
      ];
    }
    case 'classify':
      return withSeries(prediction.answers, [prediction.target, 'probability'], (answer) => [
        answer.class,
        answer.probability,
      ]);
    case 'label': {
      const hasWords = prediction.answers.some(({ word }) => word !== undefined);
      const head = ['row', ...(hasWords ? ['word'] : []), prediction.target, 'probability'];
      return withSeries(prediction.answers, head, (answer) => [
        answer.row + 1,
        ...(hasWords ? [answer.word ?? ''] : []),
        answer.class,
        answer.probability,
      ]);
    }
    case 'transcribe':
    case 'translate':
      return withSeries(prediction.answers, [prediction.target, 'probability'], (answer) => [
        answer.text,
        answer.probability,
      ]);
  }
}

/** A row an answer, with the name of its sequence before it where the sequences have names. */
function withSeries<T extends { readonly series: string | null }>(
  answers: readonly T[],
  head: Row,
  cells: (answer: T) => Row,
): readonly Row[] {
  const named = answers.some(({ series }) => series !== null);
  return [
    named ? ['series', ...head] : head,
    ...answers.map((answer) => (named ? [answer.series ?? '', ...cells(answer)] : cells(answer))),
  ];
}

const tableText = (rows: readonly Row[]) => `${rows.map((row) => row.map(quoted).join(',')).join('\n')}\n`;

/** A day where the time is midnight, as daily and monthly data have it; else the time to the second. */
function timeText(ms: number): string {
  const text = new Date(ms).toISOString();
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.slice(0, 19).replace('T', ' ');
}

/** A model computes in 32 bits, which nine digits tell apart; more of them would only look exact. */
const digits = 9;

function quoted(cell: string | number): string {
  const text = typeof cell === 'number' ? String(Number(cell.toPrecision(digits))) : cell;
  return /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
