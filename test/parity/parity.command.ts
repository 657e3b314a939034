import { readReference, referenceFolder, referenceNames } from './referenceCase';
import { replay } from './replay';

// `npm run test:parity`: follows every training run of PyTorch's in UNROLL_REFERENCE_DIR, or in the project's own folder. One line a
// case, with the largest share that a number took of the difference that is allowed to it; exit status 1 where a case failed.

async function follow(folder: string, name: string): Promise<boolean> {
  try {
    const { failures, summary } = await replay(readReference(folder, name));
    console.log(`${failures.length === 0 ? 'ok  ' : 'FAIL'} ${name}: ${[...failures, summary].join('; ')}`);
    return failures.length === 0;
  } catch (error) {
    console.log(`FAIL ${name}: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

async function main(): Promise<void> {
  const folder = referenceFolder();
  const names = referenceNames(folder);
  let passed = 0;
  console.log(`Of the allowed difference, at most (${folder}):`);
  for (const name of names) if (await follow(folder, name)) passed++;
  console.log(`${passed} passed, ${names.length - passed} failed`);
  if (passed < names.length || names.length === 0) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
