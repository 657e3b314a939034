// npm run package: the VSIX for this platform, into dist/.
import path from 'node:path';
import { buildVsix } from './buildVsix.mjs';

const root = path.dirname(import.meta.dirname);
const { file, megabytes } = await buildVsix({ root, outputFolder: path.join(root, 'dist') });
console.log(`${path.relative(root, file)} (${megabytes.toFixed(1)} MB)`);
