/** A result that is to be reached, and how it is measured. */
export interface TaskRow {
  /** File or folder of the data, and without its ending the sample experiment. */
  readonly data: string;
  readonly task: string;
  /** Of the report's test metrics; `mse` is the square of the RMSE, which of several columns is in deviations of the training part of each. */
  readonly metric: string;
  readonly target: number;
  readonly better: 'less' | 'more';
  /** Beside the target: whether the metric must be better than linear autoregression's, which has a row of its own then. */
  readonly beatsLinear?: true;
  /** How many rows of the file are used, the header not counted; all where left out. */
  readonly rows?: number;
}

export const taskRows: readonly TaskRow[] = [
  // Seasonal naive on these rows.
  { data: 'airline-passengers.csv', task: 'forecast', metric: 'rmse', target: 41.85, better: 'less' },
  {
    data: 'ETTh1.csv',
    task: 'forecast, 7 columns, horizon 24',
    metric: 'mse',
    // LSTMa in Zhou et al. 2021, table 2.
    target: 0.65,
    better: 'less',
    rows: 14_400,
    beatsLinear: true,
  },
  {
    data: 'daily-min-temperatures.csv',
    task: 'forecast',
    metric: 'rmse',
    target: 2.17,
    better: 'less',
    beatsLinear: true,
  },
  { data: 'monthly-sunspots.csv', task: 'forecast', metric: 'rmse', target: 19, better: 'less', beatsLinear: true },
  { data: 'tinyshakespeare.txt', task: 'language', metric: 'nats', target: 1.6, better: 'less' },
  { data: 'sms-spam.tsv', task: 'classify', metric: 'accuracy', target: 0.98, better: 'more' },
  { data: 'sms-spam.tsv', task: 'classify', metric: 'mcc', target: 0.92, better: 'more' },
  { data: 'names', task: 'classify', metric: 'accuracy', target: 0.8, better: 'more' },
  { data: 'fsdd', task: 'classify', metric: 'accuracy', target: 0.95, better: 'more' },
  { data: 'eng-fra-30k.tsv', task: 'translate', metric: 'bleu', target: 30, better: 'more' },
];
