import assert from 'node:assert/strict';
import { predictionDocument } from '../../../extension/host/predictionTable';
import type { Prediction } from '../../../extension/protocol/engine';

const forecast = (more: Partial<Extract<Prediction, { task: 'forecast' }>>): Prediction => ({
  task: 'forecast',
  target: 'Passengers',
  time: null,
  forecast: [450.5],
  quantiles: null,
  ...more,
});
const tableOf = (prediction: Prediction) => {
  const { language, content } = predictionDocument(prediction);
  assert.equal(language, 'csv');
  return content;
};

describe('a prediction as a document', () => {
  it('has a day where the time is midnight', () => {
    const time = [Date.UTC(1961, 0, 1), Date.UTC(1961, 1, 1, 6)];
    assert.equal(
      tableOf(forecast({ time, forecast: [450.5, 433] })),
      'time,Passengers\n1961-01-01,450.5\n1961-02-01 06:00:00,433\n',
    );
  });

  it('counts steps where there is no time, and quotes names that need it', () => {
    assert.equal(tableOf(forecast({ target: 'a,"b"', forecast: [1] })), 'step,"a,""b"""\n1,1\n');
  });

  it('has a column for each target that is forecast, with its quantiles beside it', () => {
    const more = [{ target: 'Load', forecast: [3, 4], quantiles: [{ quantile: 0.9, values: [5, 6] }] }];
    const quantiles = [{ quantile: 0.9, values: [460, 440] }];
    assert.equal(
      tableOf(forecast({ forecast: [450, 430], quantiles, more })),
      'step,Passengers,Passengers 0.9,Load,Load 0.9\n1,450,460,3,5\n2,430,440,4,6\n',
    );
  });

  it('names the series that each row is of, where there are several', () => {
    const answer = (series: string, first: number) => ({
      series,
      time: null,
      forecast: [first, first + 1],
      quantiles: [{ quantile: 0.5, values: [first, first + 1] }],
    });
    assert.equal(
      tableOf({ task: 'forecasts', target: 'sold', answers: [answer('Köln, Dom', 1), answer('b', 5)] }),
      'series,step,sold,sold 0.5\n"Köln, Dom",1,1,1\n"Köln, Dom",2,2,2\nb,1,5,5\nb,2,6,6\n',
    );
  });

  it('has a column for each quantile', () => {
    const quantiles = [
      { quantile: 0.1, values: [400, 380] },
      { quantile: 0.9, values: [500, 490] },
    ];
    assert.equal(
      tableOf(forecast({ forecast: [450, 430], quantiles })),
      'step,Passengers,Passengers 0.1,Passengers 0.9\n1,450,400,500\n2,430,380,490\n',
    );
  });

  it('writes no more digits than 32 bits hold, and all that they hold', () => {
    const values = [Math.fround(3.5714366390641796), Math.fround(-0.1), 16777216, Math.fround(1e-20)];
    const written = tableOf(forecast({ forecast: values }))
      .trim()
      .split('\n')
      .slice(1);
    const read = written.map((line) => line.split(',')[1] ?? '');
    assert.deepEqual(read[1], '-0.100000001');
    assert.deepEqual(
      read.map((text) => Math.fround(Number(text))),
      values,
    );
  });

  it('names the sequences where they have names, and counts rows from one', () => {
    const answer = { class: 'sit, still', probability: 0.75 };
    assert.equal(
      tableOf({ task: 'classify', target: 'what', answers: [{ series: 'a', ...answer }] }),
      'series,what,probability\na,"sit, still",0.75\n',
    );
    assert.equal(
      tableOf({ task: 'label', target: 'what', answers: [{ series: null, row: 0, ...answer }] }),
      'row,what,probability\n1,"sit, still",0.75\n',
    );
    assert.equal(
      tableOf({ task: 'transcribe', target: 'said', answers: [{ series: '7', text: 'two', probability: 0.5 }] }),
      'series,said,probability\n7,two,0.5\n',
    );
  });

  it('is a text where a text goes on', () => {
    const prediction: Prediction = { task: 'language', next: [{ character: 'a', probability: 1 }], text: 'and so on' };
    assert.deepEqual(predictionDocument(prediction), { language: 'plaintext', content: 'and so on' });
  });
});
