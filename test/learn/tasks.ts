import type { LearningTask } from './task';
import { addingProblem } from './tasks/adding';
import { continualReberTasks } from './tasks/continualReber';
import { copyMemory } from './tasks/copyMemory';
import { countingLanguage } from './tasks/countingLanguage';
import { embeddedReberGrammar } from './tasks/embeddedReber';
import { reversedAddition } from './tasks/reversedAddition';
import { temporalOrder } from './tasks/temporalOrder';

/** Every task, in the order of the table. */
export const learningTasks: readonly LearningTask[] = [
  embeddedReberGrammar,
  addingProblem,
  temporalOrder,
  copyMemory,
  countingLanguage,
  reversedAddition,
  ...continualReberTasks,
];
