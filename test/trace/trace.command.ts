import { followCase } from './followCase';
import { caseFolder, caseNames } from './traceCase';

// `npm run test:trace`: traces every recurrent ONNX model in UNROLL_ONNX_CASES_DIR, or in the project's own folder, and compares its
// outputs and inner signals with those that its source computed. One line a case; exit status 1 where a case failed.

async function follow(folder: string, name: string): Promise<boolean> {
  try {
    const { failures, summary } = await followCase(folder, name);
    const said = [...failures.slice(0, 3), summary].filter((text) => text !== '').join('; ');
    console.log(`${failures.length === 0 ? 'ok  ' : 'FAIL'} ${name}: ${said}`);
    return failures.length === 0;
  } catch (error) {
    console.log(`FAIL ${name}: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

async function main(): Promise<void> {
  const folder = caseFolder();
  const names = caseNames(folder);
  let passed = 0;
  for (const name of names) if (await follow(folder, name)) passed++;
  console.log(`${passed} passed, ${names.length - passed} failed`);
  if (passed < names.length || names.length === 0) process.exitCode = 1;
}

void main();
