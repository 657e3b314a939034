import path from 'node:path';

/** The training thread's bundle, which lies beside this one. */
export const workerFile = path.join(__dirname, 'trainingWorker.js');
