import path from 'node:path';

/** The trial's bundle, which lies beside the bundle that this is part of. */
export const probeFile = path.join(__dirname, 'providerProbe.js');
