import path from 'node:path';
import type { Prediction, SeriesForecast } from '../../protocol/engine';
import { predict as predictNext } from '../../runtime/inspect/predict';
import { type Command, jsonOption } from '../command';
import { moment, significant, table } from '../numbers';
import { resolveRun } from '../operands';

export const predict: Command = {
  verb: 'predict',
  synopsis: 'predict <run | model.onnx> <data>',
  summary:
    'Asks a model about a data file: what follows its last row or character, or the class or transcript of what it holds. Writes nothing.',
  operands: { least: 2, most: 2 },
  options: [jsonOption],
  async run({ operands: [model = '', data = ''], cwd, output }) {
    const prediction = await predictNext(resolveRun(cwd, model), path.resolve(cwd, data));
    output.event(prediction);
    output.print(shown(prediction));
    return 0;
  },
};

type Told = Omit<SeriesForecast, 'series'>;

const headOf = (target: string, told: Told) => [
  '',
  ...[{ target, ...told }, ...(told.more ?? [])].flatMap(({ target: name, quantiles }) => [
    name,
    ...(quantiles ?? []).map(({ quantile }) => `${quantile * 100} %`),
  ]),
];

/** A row a step of the horizon. */
function rowsOf(told: Told): string[][] {
  const { time, more = [] } = told;
  const when = (step: number) => (time === null ? `+${step + 1}` : moment(time[step] ?? Number.NaN));
  return told.forecast.map((_, step) => [
    when(step),
    ...[told, ...more].flatMap(({ forecast, quantiles }) => [
      significant(forecast[step] ?? Number.NaN),
      ...(quantiles ?? []).map(({ values }) => significant(values[step] ?? Number.NaN)),
    ]),
  ]);
}

/** A prediction as text for a person. */
function shown(prediction: Prediction): string {
  const series = (name: string | null) => (name === null ? [] : [name]);
  switch (prediction.task) {
    case 'forecast':
      return table([headOf(prediction.target, prediction), ...rowsOf(prediction)]);
    case 'forecasts': {
      const [first] = prediction.answers;
      if (first === undefined) return '';
      return table([
        ['', ...headOf(prediction.target, first)],
        ...prediction.answers.flatMap((answer) => rowsOf(answer).map((row) => [answer.series ?? '', ...row])),
      ]);
    }
    case 'language':
      return [
        table(
          prediction.next.map(({ character, probability }) => [JSON.stringify(character), significant(probability)]),
        ),
        '',
        prediction.text,
      ].join('\n');
    case 'classify':
      return table(
        prediction.answers.map((answer) => [...series(answer.series), answer.class, significant(answer.probability)]),
      );
    case 'label':
      return table(
        prediction.answers.map((answer) => [
          ...series(answer.series),
          String(answer.row),
          ...(answer.word === undefined ? [] : [answer.word]),
          answer.class,
          significant(answer.probability),
        ]),
      );
    default:
      return table(
        prediction.answers.map(({ series: name, text, probability }) => [
          ...series(name),
          text,
          significant(probability),
        ]),
      );
  }
}
