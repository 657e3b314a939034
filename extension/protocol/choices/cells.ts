/** The cells that a layer can have; `core/cells` holds their equations under these names. */
export const cellNames = [
  'rnn',
  'rnnRelu',
  'rnnSigmoid',
  'rnnIdentity',
  'characterRnn',
  'lstm',
  'lstmPeephole',
  'lstmCoupled',
  'gru',
  'gruResetBefore',
  'mgu',
  'minGru',
  'minLstm',
] as const;
export type CellName = (typeof cellNames)[number];

/** Every cell as people write it: in diagrams, traces, lists and sentences. */
export const cellTitles: Readonly<Record<CellName, string>> = {
  rnn: 'RNN (tanh)',
  rnnRelu: 'RNN (relu)',
  rnnSigmoid: 'RNN (sigmoid)',
  rnnIdentity: 'RNN (identity)',
  characterRnn: 'Character RNN',
  lstm: 'LSTM',
  lstmPeephole: 'LSTM (peepholes)',
  lstmCoupled: 'LSTM (coupled gates)',
  gru: 'GRU',
  gruResetBefore: 'GRU (reset before)',
  mgu: 'MGU',
  minGru: 'minGRU',
  minLstm: 'minLSTM',
};

/** What each cell is, for who has to choose one. */
export const cellSentences: Readonly<Record<CellName, string>> = {
  rnn: 'The simplest recurrence: tanh of a sum. Short memory; good to compare with.',
  rnnRelu: 'The simple recurrence with a rectifier; with init "irnn" it keeps long spans (Le, Jaitly & Hinton 2015).',
  rnnSigmoid: 'The simple recurrence with a sigmoid.',
  rnnIdentity: 'The simple recurrence without an activation: a linear dynamical system.',
  characterRnn: 'The network of the character tutorials: input and state together make the next state and the output.',
  lstm: 'Long short-term memory with a forget gate: remembers long spans; the usual first choice.',
  lstmPeephole: 'An LSTM whose gates also see the cell state, for exact timing (Gers & Schmidhuber 2000).',
  lstmCoupled: 'An LSTM that forgets as much as it writes: one gate fewer (Greff et al. 2017).',
  gru: 'Gated recurrent unit that resets after the product, as PyTorch, Keras and cuDNN have it: three quarters of an LSTM.',
  gruResetBefore: 'Gated recurrent unit that resets before the product, as it was first published (Cho et al. 2014).',
  mgu: 'Minimal gated unit: one gate both forgets and resets (Zhou et al. 2016).',
  minGru: 'A GRU whose gates do not see the state, so that all steps are trained at once (Feng et al. 2024).',
  minLstm: 'An LSTM whose gates do not see the state, so that all steps are trained at once (Feng et al. 2024).',
};
