// Jobs with a clock and timers of the test, on a real file.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createJobs, type JobsHost } from '#main/jobs/jobs.ts';
import { createIdFactory } from '#shared/kernel/ids.ts';
import { createSeededRandom } from '#shared/kernel/seeded-random.ts';

export interface JobsProfile {
  readonly directory: string;
  readonly jobsKey: Uint8Array;
}

interface Timer {
  readonly atMs: number;
  readonly task: () => void;
}

/** Turns of the event loop in which every commit that is possible without time passing happens. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1)
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
}

export function openJobsWorld(startMs = Date.parse('2026-03-02T08:00:00Z')) {
  const directory = mkdtempSync(path.join(tmpdir(), 'outpost-jobs-'));
  const profile: JobsProfile = { directory, jobsKey: Buffer.alloc(32, 5) };
  const random = createSeededRandom(6);
  let nowMs = startMs;
  let timers: Timer[] = [];
  let drawn = 1;
  const clock = { now: () => nowMs };
  const createId = createIdFactory(clock, random);
  const logged: string[] = [];
  const deps = {
    clock,
    createId,
    draw: () => drawn,
    onChange: () => undefined,
    log: (message: string) => logged.push(message),
    scheduler: {
      after(delayMs: number, task: () => void) {
        const timer = { atMs: nowMs + delayMs, task };
        timers.push(timer);
        return {
          cancel: () => {
            timers = timers.filter((one) => one !== timer);
          },
        };
      },
    },
  };
  const world = {
    profile,
    file: path.join(directory, 'jobs.sqlite'),
    logged,
    deps,
    turns,
    now: () => nowMs,
    draw(value: number) {
      drawn = value;
    },
    /** A process of its own, as far as jobs can tell. */
    start(define: (jobs: JobsHost<JobsProfile>) => void): JobsHost<JobsProfile> {
      const jobs = createJobs<JobsProfile>(deps);
      define(jobs);
      jobs.open(profile);
      return jobs;
    },
    /** Time passes, with all timers on its way. */
    async pass(byMs: number): Promise<void> {
      const until = nowMs + byMs;
      await turns();
      for (;;) {
        const [next] = [...timers].filter((timer) => timer.atMs <= until).sort((a, b) => a.atMs - b.atMs);
        if (next === undefined) break;
        timers = timers.filter((timer) => timer !== next);
        nowMs = Math.max(nowMs, next.atMs);
        next.task();
        await turns();
      }
      nowMs = until;
      await turns();
    },
    /** The clock jumps, and no timer runs meanwhile: a computer that slept, or whose clock was set. */
    jump(byMs: number): void {
      nowMs += byMs;
      timers = timers.map((timer) => ({ ...timer, atMs: timer.atMs + byMs }));
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
  return world;
}

export type JobsWorld = ReturnType<typeof openJobsWorld>;
