import path from 'node:path';

/** The inspection process's bundle, which lies beside the bundle that this is part of. */
export const inspectorFile = path.join(__dirname, 'inspectorProcess.js');
