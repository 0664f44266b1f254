// What the next process makes of jobs that were running when the one before died. A process that dies is one nobody closes.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobsHost } from '#main/jobs/jobs.ts';
import { openJobsWorld, type JobsProfile, type JobsWorld } from '#test/support/jobs-world.ts';

const retry = { attempts: 2, firstPauseMs: 1_000, longestPauseMs: 1_000 };

describe('jobs after a process that died', () => {
  let world: JobsWorld;
  let begun: string[];
  beforeEach(() => {
    world = openJobsWorld();
    begun = [];
  });
  afterEach(() => world.remove());

  /** Jobs that never end by themselves. */
  function hang(host: JobsHost<JobsProfile>): void {
    host.define<string>({
      kind: 'hang',
      concurrency: 5,
      retry,
      run({ data, attempt, signal }) {
        begun.push(`${data} ${String(attempt)}`);
        return new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('told to stop')));
        });
      },
    });
  }

  async function startAndDie(): Promise<JobsHost<JobsProfile>> {
    const jobs = world.start(hang);
    await world.turns();
    return jobs;
  }

  it('OBS-04 a job the process died in is begun again without counting as a failure, and given up when it is what the process dies of', async () => {
    const first = await startAndDie();
    const id = await first.enqueue({ kind: 'hang', data: 'poison' });
    await world.turns();
    for (let death = 1; death < 5; death += 1) await startAndDie();
    expect(begun).toEqual(Array.from({ length: 5 }, () => 'poison 1'));
    const last = await startAndDie();
    expect(begun).toHaveLength(5);
    expect(last.list({ id })[0]).toMatchObject({ state: 'failed', error: { code: 'interrupted' } });
    // Somebody who knows better may have it tried once more.
    await last.retry(id);
    await world.turns();
    expect(begun).toHaveLength(6);
  });

  it('OBS-04 a job that somebody stopped is not begun again because the process died before it had stopped', async () => {
    const first = world.start((host) =>
      host.define({ kind: 'hang', concurrency: 1, retry, run: () => new Promise(() => undefined) }),
    );
    const id = await first.enqueue({ kind: 'hang', data: 'unwanted' });
    await world.turns();
    await first.cancel(id);
    expect(first.list({ id })[0]).toMatchObject({ state: 'active', isStopping: true, canCancel: false });
    const second = await startAndDie();
    expect(begun).toEqual([]);
    expect(second.list({ id })[0]?.state).toBe('cancelled');
  });

  it('OBS-04 a long job that gets on with its steps is not given up, however often the computer goes off', async () => {
    let steps = 0;
    const define = (host: JobsHost<JobsProfile>): void =>
      host.define({
        kind: 'long',
        concurrency: 1,
        retry,
        async run({ step }) {
          for (let number = 0; number < 12; number += 1) {
            const before = steps;
            await step(String(number), () => {
              steps += 1;
            });
            // One step in each life.
            if (steps > before && steps < 12) await new Promise(() => undefined);
          }
        },
      });
    const first = world.start(define);
    const id = await first.enqueue({ kind: 'long', data: null });
    await world.turns();
    let last = first;
    for (let death = 1; death < 12; death += 1) {
      last = world.start(define);
      await world.turns();
    }
    expect(steps).toBe(12);
    expect(last.list({ id })[0]).toMatchObject({ state: 'done', attempts: 1 });
  });
});
