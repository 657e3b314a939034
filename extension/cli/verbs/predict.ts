import path from 'node:path';
import { predict as predictNext } from '../../runtime/inspect/predict';
import { type Command, jsonOption } from '../command';
import { moment, significant, table } from '../numbers';
import { resolveRun } from '../operands';

export const predict: Command = {
  verb: 'predict',
  synopsis: 'predict <run | model.onnx> <data>',
  summary: 'Forecasts what follows the last row of a data file. Writes nothing.',
  operands: { least: 2, most: 2 },
  options: [jsonOption],
  async run({ operands: [model = '', data = ''], cwd, output }) {
    const prediction = await predictNext(resolveRun(cwd, model), path.resolve(cwd, data));
    output.event(prediction);
    const { target, time, forecast } = prediction;
    const when = (step: number) => (time === null ? `+${step + 1}` : moment(time[step] ?? Number.NaN));
    output.print(table([['', target], ...forecast.map((value, step) => [when(step), significant(value)])]));
    return 0;
  },
};
