import assert from 'node:assert/strict';
import { Lane } from '../../../webview/trace/lane';

const turn = () => new Promise<void>((done) => setImmediate(done));

describe('a lane of requests', () => {
  it('runs one at a time, lets places take turns, and drops what a place does not want any more', async () => {
    const ran: string[] = [];
    const open: (() => void)[] = [];
    const lane = new Lane(() => assert.fail('nothing fails here'));
    const job = (key: string) => ({
      key,
      run: async () => {
        ran.push(key);
        await new Promise<void>((done) => open.push(done));
      },
    });
    lane.want('left', [job('a'), job('b'), job('c')]);
    lane.want('right', [job('x')]);
    assert.deepEqual(ran, ['a']);
    lane.want('left', [job('d')]);
    for (let i = 0; i < 4; i++) {
      open[i]?.();
      await turn();
    }
    assert.deepEqual(ran.toSorted(), ['a', 'd', 'x']);
  });

  it('goes on after a failure, which it tells, and does nothing once it is closed', async () => {
    const failures: unknown[] = [];
    const lane = new Lane((error) => failures.push(error));
    let ran = 0;
    const fails = { key: 'fails', run: () => Promise.reject(new Error('no')) };
    const works = {
      key: 'works',
      run: async () => {
        ran += 1;
      },
    };
    lane.want('here', [fails, works]);
    await turn();
    assert.deepEqual([failures.length, ran], [1, 1]);
    lane.close();
    lane.want('here', [works]);
    await turn();
    assert.equal(ran, 1);
  });
});
