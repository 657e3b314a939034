import type { CellName } from '../../protocol/experiment';
import type { Cell } from './cell';
import { gru, gruResetBefore } from './gru';
import { lstm, lstmCoupled, lstmPeephole } from './lstm';
import { mgu, minGru, minLstm } from './minimal';
import { characterRnn, rnn, rnnIdentity, rnnRelu, rnnSigmoid } from './rnn';

/** Every cell by the name that experiments use. */
export const cells: Readonly<Record<CellName, Cell>> = {
  rnn,
  rnnRelu,
  rnnSigmoid,
  rnnIdentity,
  characterRnn,
  lstm,
  lstmPeephole,
  lstmCoupled,
  gru,
  gruResetBefore,
  mgu,
  minGru,
  minLstm,
};
