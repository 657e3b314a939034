import type { CellName } from '../../protocol/experiment';
import type { Cell } from './cell';
import { gru, gruResetBefore } from './gru';
import { lstm } from './lstm';
import { rnn, rnnRelu, rnnSigmoid } from './rnn';

/** Every cell by the name that experiments use. */
export const cells: Readonly<Record<CellName, Cell>> = { rnn, rnnRelu, rnnSigmoid, lstm, gru, gruResetBefore };
