import assert from 'node:assert/strict';
import { resumeAfterReload } from '../../../extension/host/resume';
import { RunList } from '../../../extension/host/runList';
import { UnrollError } from '../../../extension/protocol/errors';
import type { RunSummary } from '../../../extension/protocol/run';
import { engineOf, summaryOf } from './runs';

/** What a new window does with the runs that it finds. */
async function afterReload(summaries: () => readonly RunSummary[], resume: (dir: string) => unknown = () => ({})) {
  const engine = engineOf({ runs: summaries, resume: ({ run }: { run: string }) => resume(run) });
  const runs = new RunList({ engine, roots: () => ['/w'], hasRuns: async () => summaries().length > 0 });
  const log: string[] = [];
  const patience = { every: 1, times: 5 };
  const resumed = await resumeAfterReload({ runs, engine, log: (text) => log.push(text), patience });
  return { resumed: [...resumed].sort(), engine, log };
}

describe('after a reload', () => {
  it('goes on with what trained until its window closed, and with nothing else', async () => {
    const { resumed } = await afterReload(() => [
      summaryOf('trained', 'interrupted'),
      summaryOf('crashed', 'interrupted', { state: { kind: 'interrupted', goesOn: false } }),
      summaryOf('stopped', 'stopped'),
      summaryOf('done', 'done'),
    ]);
    assert.deepEqual(resumed, ['trained']);
  });

  it('starts no engine where there are no runs', async () => {
    const { resumed, engine } = await afterReload(() => []);
    assert.deepEqual([resumed, engine.asked], [[], []]);
  });

  it('waits until the engine of the window before has let go', async () => {
    let looks = 0;
    let tries = 0;
    const { resumed } = await afterReload(
      () => {
        looks += 1;
        return [summaryOf('a', looks < 3 ? 'training' : 'interrupted')];
      },
      () => {
        tries += 1;
        if (tries === 1) throw new UnrollError('run', 'Busy.');
        return {};
      },
    );
    assert.deepEqual([resumed, tries], [['a'], 2]);
  });

  it('leaves alone what goes on training elsewhere', async () => {
    const { resumed, engine } = await afterReload(() => [summaryOf('a', 'training')]);
    assert.deepEqual(resumed, []);
    assert.ok(!engine.asked.includes('resume'));
  });

  it('logs what cannot be resumed, and resumes the others', async () => {
    const { resumed, log } = await afterReload(
      () => [summaryOf('a', 'interrupted'), summaryOf('b', 'interrupted')],
      (dir) => {
        if (dir === 'a') throw new UnrollError('data', 'The data is gone.');
        return {};
      },
    );
    assert.deepEqual(resumed, ['b']);
    assert.match(log.join(), /a was not resumed: The data is gone/);
  });
});
