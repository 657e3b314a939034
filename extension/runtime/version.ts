import { version } from '../../package.json';

/** Of this extension; written into runs and models. */
export const unrollVersion: string = version;
