// Jobs that do nothing, in the engine of the main process and its file on a real disk. So many callers each wait until their job is
// on the disk (WAL, synchronous=FULL, the commit has returned) before they give the next one; jobs run meanwhile, and each is done
// when that is on the disk, too. From the first call until the last one is done.
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createJobs, type JobsHost } from '#main/jobs/jobs.ts';
import { createIdFactory } from '#shared/kernel/ids.ts';
import type { Figure } from '#test/bench/figure.ts';

const JOBS = 20_000;
const CALLERS = 200;
const AT_ONCE = 50;
/** For a note: one caller alone, so that nothing is committed together with another one. */
const ALONE = 300;

interface BenchProfile {
  readonly directory: string;
  readonly jobsKey: Uint8Array;
}

function open(directory: string, onRun: () => void): JobsHost<BenchProfile> {
  const clock = { now: () => Date.now() };
  const jobs = createJobs<BenchProfile>({
    clock,
    scheduler: {
      after(delayMs, task) {
        const timer = setTimeout(task, delayMs);
        return { cancel: () => clearTimeout(timer) };
      },
    },
    draw: Math.random,
    createId: createIdFactory(clock, { bytes: (length) => randomBytes(length) }),
    onChange: () => undefined,
    log: (message) => process.stderr.write(`  ${message}\n`),
  });
  jobs.define<{ readonly number: number }>({
    kind: 'nothing',
    concurrency: AT_ONCE,
    retry: { attempts: 1, firstPauseMs: 1, longestPauseMs: 1 },
    run() {
      onRun();
      return Promise.resolve();
    },
  });
  jobs.open({ directory, jobsKey: Buffer.alloc(32, 1) });
  return jobs;
}

function countOf(jobs: JobsHost<BenchProfile>, state: 'done' | 'waiting' | 'active'): number {
  return jobs.overview().kinds.reduce((sum, { counts }) => sum + (counts[state] ?? 0), 0);
}

async function untilDone(jobs: JobsHost<BenchProfile>, ids: readonly string[]): Promise<void> {
  // Their end is on the disk: a job settles when the commit that says so has returned.
  await Promise.all(ids.map((id) => jobs.settled(id)));
}

export const jobsFigure: Figure = {
  name: 'jobs',
  unit: '/s',
  target: { is: '>=', limit: 2_000 },
  async measure() {
    // Not below /tmp, which may be memory.
    const folder = path.join(import.meta.dirname, '../../out/bench');
    mkdirSync(folder, { recursive: true });
    const directory = mkdtempSync(path.join(folder, 'jobs-'));
    let runs = 0;
    const jobs = open(directory, () => {
      runs += 1;
    });
    try {
      const aloneMs = performance.now();
      for (let number = 0; number < ALONE; number += 1) await jobs.enqueue({ kind: 'nothing', data: { number } });
      const alone = ALONE / ((performance.now() - aloneMs) / 1000);
      await untilDone(
        jobs,
        jobs.list({ limit: 1000 }).map(({ id }) => id),
      );
      runs = 0;
      let next = 0;
      const ids: string[] = [];
      const beganMs = performance.now();
      const callers = Array.from({ length: CALLERS }, async () => {
        while (next < JOBS) {
          const number = next;
          next += 1;
          ids.push(await jobs.enqueue({ kind: 'nothing', data: { number } }));
        }
      });
      await Promise.all(callers);
      const enqueuedMs = performance.now();
      await untilDone(jobs, ids);
      const doneMs = performance.now();
      await jobs.close();
      const again = open(directory, () => undefined);
      const kept = countOf(again, 'done');
      const left = countOf(again, 'waiting') + countOf(again, 'active');
      await again.close();
      if (runs !== JOBS || left > 0)
        throw new Error(`${String(runs)} of ${String(JOBS)} jobs ran, ${String(left)} are left`);
      return {
        value: JOBS / ((doneMs - beganMs) / 1000),
        notes: [
          `${String(JOBS)} jobs of ${String(CALLERS)} callers, ${String(AT_ONCE)} at once; the last one was on the disk after ${((enqueuedMs - beganMs) / 1000).toFixed(1)} s and done after ${((doneMs - beganMs) / 1000).toFixed(1)} s`,
          `one caller alone, a commit for each: ${alone.toFixed(0)}/s; found done after opening again: ${String(kept)}`,
        ],
      };
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
};
