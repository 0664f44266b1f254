import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createJobs } from '#main/jobs/jobs.ts';
import { GiveUp, TryLater, type JobContext, type JobKind, type RetryRule } from '#main/jobs/job-types.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { openJobsWorld, type JobsProfile, type JobsWorld } from '#test/support/jobs-world.ts';

const retry: RetryRule = { attempts: 4, firstPauseMs: 1_000, longestPauseMs: 3_000 };
type Context = JobContext<unknown, JobsProfile>;

function kindOf(
  run: (context: Context) => Promise<void> | void,
  other: Partial<Omit<JobKind<unknown, JobsProfile>, 'run'>> = {},
): JobKind<unknown, JobsProfile> {
  return {
    kind: 'work',
    concurrency: 1,
    retry,
    ...other,
    run: async (context) => {
      await run(context);
    },
  };
}

/** A job that goes on when it is told to. */
function createGate() {
  const waiting: (() => void)[] = [];
  const begun: unknown[] = [];
  return {
    begun,
    run: ({ data, signal }: Context) =>
      new Promise<void>((resolve, reject) => {
        begun.push(data);
        waiting.push(resolve);
        signal.addEventListener('abort', () => reject(new Error('told to stop')));
      }),
    open() {
      for (const go of waiting.splice(0)) go();
    },
  };
}

describe('jobs of this computer', () => {
  let world: JobsWorld;
  beforeEach(() => {
    world = openJobsWorld();
  });
  afterEach(() => world.remove());

  it('OBS-04 a job runs once, with what it was given, and tells what became of it', async () => {
    const seen: unknown[] = [];
    const jobs = world.start((host) =>
      host.define(
        kindOf((context) => {
          seen.push(context.data);
          context.progress(2, 3);
          context.log('looked at two of three');
          context.log({ key: 'rowsDone', values: { done: 2, total: 3 } });
        }),
      ),
    );
    const id = await jobs.enqueue({ kind: 'work', data: { name: 'Ada' }, label: 'a list of people' });
    const job = await jobs.settled(id);
    expect(seen).toEqual([{ name: 'Ada' }]);
    expect(job).toMatchObject({ state: 'done', label: 'a list of people', attempts: 1, error: null });
    expect(job.progress).toEqual({ done: 2, total: 3 });
    expect(jobs.logOf(id).map(({ text }) => text)).toEqual([
      'looked at two of three',
      { key: 'rowsDone', values: { done: 2, total: 3 } },
    ]);
    await world.pass(60_000);
    expect(seen).toHaveLength(1);
    await jobs.close();
  });

  it('OBS-04 higher priorities go first, equal ones in their order, and no kind runs more at once than it says', async () => {
    const gate = createGate();
    const other = createGate();
    const jobs = world.start((host) => {
      host.define(kindOf(gate.run, { concurrency: 2 }));
      host.define(kindOf(other.run, { kind: 'other' }));
    });
    await jobs.enqueueAll(
      [
        ['a', 0],
        ['b', 5],
        ['c', 0],
        ['d', 9],
      ].map(([data, priority]) => ({ kind: 'work', data, priority: Number(priority) })),
    );
    await jobs.enqueue({ kind: 'other', data: 'x' });
    await world.turns();
    expect([...gate.begun, ...other.begun]).toEqual(['d', 'b', 'x']);
    gate.open();
    await world.turns();
    expect(gate.begun).toEqual(['d', 'b', 'a', 'c']);
    gate.open();
    other.open();
    await world.turns();
    await jobs.close();
  });

  it('OBS-04 a job for later waits for its time, also over a computer that slept', async () => {
    const seen: number[] = [];
    const jobs = world.start((host) => host.define(kindOf(() => void seen.push(world.now()))));
    const startMs = world.now();
    await jobs.enqueue({ kind: 'work', data: null, runAt: startMs + 3_600_000 });
    await world.pass(3_599_000);
    expect(seen).toEqual([]);
    expect(jobs.list()[0]?.state).toBe('delayed');
    world.jump(8 * 3_600_000);
    // Timers stood still while it slept; nothing told that it woke up.
    await world.pass(30_000);
    expect(seen).toHaveLength(1);
    await jobs.close();
  });

  it('OBS-04 what fails is tried again with growing, scattered pauses and is kept when it is given up', async () => {
    const at: number[] = [];
    const jobs = world.start((host) =>
      host.define(
        kindOf(({ attempt, isLastAttempt }) => {
          at.push(world.now());
          expect(isLastAttempt).toBe(attempt === 4);
          throw new OutpostError('server_unreachable', 'No way.');
        }),
      ),
    );
    const id = await jobs.enqueue({ kind: 'work', data: null });
    await world.turns();
    expect(jobs.list({ state: 'retrying' })).toHaveLength(1);
    await world.pass(1_000);
    world.draw(0);
    await world.pass(60_000);
    const pauses = at.slice(1).map((instant, index) => instant - (at[index] ?? 0));
    // Drawn at the end: 1 s. Drawn before the draw changed: 2 s. The longest one, halved by chance: 1.5 s.
    expect(pauses).toEqual([1_000, 2_000, 1_500]);
    expect(jobs.list({ id })[0]).toMatchObject({ state: 'failed', attempts: 4, error: { code: 'server_unreachable' } });
    await jobs.close();
  });

  it('OBS-04 what cannot help is given up at once, and what is told to wait does not count as a failure', async () => {
    const seen: string[] = [];
    const jobs = world.start((host) => {
      host.define(
        kindOf(({ attempt }) => {
          seen.push(String(attempt));
          throw new GiveUp('the address does not exist');
        }),
      );
      host.define(
        kindOf(
          ({ attempt }) => {
            seen.push(`later ${String(attempt)}`);
            if (seen.length < 4) throw new TryLater('busy', 500);
          },
          { kind: 'later' },
        ),
      );
    });
    const dead = await jobs.enqueue({ kind: 'work', data: null });
    expect(await jobs.settled(dead)).toMatchObject({
      state: 'failed',
      error: { code: 'internal', message: 'the address does not exist' },
    });
    const later = await jobs.enqueue({ kind: 'later', data: null });
    await world.pass(5_000);
    expect(jobs.list({ id: later })[0]?.state).toBe('done');
    expect(seen).toEqual(['1', 'later 1', 'later 1', 'later 1']);
    await jobs.close();
  });

  it('OBS-04 a failed job that is tried again keeps its finished steps', async () => {
    const seen: string[] = [];
    let isBroken = true;
    const jobs = world.start((host) =>
      host.define(
        kindOf(
          async ({ step }) => {
            const first = await step('read', () => {
              seen.push('read');
              return { rows: [1, undefined, 3] };
            });
            await step('write', () => {
              seen.push(`write ${JSON.stringify(first)}`);
              if (isBroken) throw new Error('broken');
            });
          },
          { retry: { ...retry, attempts: 1 } },
        ),
      ),
    );
    const id = await jobs.enqueue({ kind: 'work', data: null });
    expect((await jobs.settled(id)).state).toBe('failed');
    isBroken = false;
    await jobs.retry(id);
    expect((await jobs.settled(id)).state).toBe('done');
    // The first run saw what the second one got: the result as it is kept.
    expect(seen).toEqual(['read', 'write {"rows":[1,null,3]}', 'write {"rows":[1,null,3]}']);
    await jobs.close();
  });

  it('OBS-04 one key is one job, for as long as was asked for, and never two at once', async () => {
    const gate = createGate();
    const jobs = world.start((host) => host.define(kindOf(gate.run, { concurrency: 5 })));
    const add = (unique?: 'unfinished' | 'waiting' | 'kept', uniqueKey = 'inbox') =>
      jobs.enqueue({ kind: 'work', data: null, uniqueKey, ...(unique === undefined ? {} : { unique }) });
    const first = await add();
    await world.turns();
    expect(await add()).toBe(first);
    const behind = await add('waiting');
    expect(behind).not.toBe(first);
    expect(await add('waiting')).toBe(behind);
    await world.turns();
    expect(gate.begun).toHaveLength(1);
    gate.open();
    await world.turns();
    expect(gate.begun).toHaveLength(2);
    gate.open();
    await jobs.settled(behind);
    const sent = await add('kept', 'message 1');
    await world.turns();
    gate.open();
    await jobs.settled(sent);
    expect(await add('kept', 'message 1')).toBe(sent);
    expect(await add('kept', 'message 2')).not.toBe(sent);
    await world.turns();
    gate.open();
    await world.turns();
    await jobs.close();
  });

  it('OBS-04 a job is taken back while it waits, and asked to stop while it runs', async () => {
    const gate = createGate();
    const jobs = world.start((host) => host.define(kindOf(gate.run)));
    const [running = '', waiting = ''] = await jobs.enqueueAll([
      { kind: 'work', data: 1 },
      { kind: 'work', data: 2 },
    ]);
    await world.turns();
    await jobs.cancel(waiting);
    expect(jobs.list({ id: waiting })[0]?.state).toBe('cancelled');
    await jobs.cancel(running);
    expect((await jobs.settled(running)).state).toBe('cancelled');
    expect(gate.begun).toEqual([1]);
    await jobs.retry(waiting);
    await world.turns();
    expect(gate.begun).toEqual([1, 2]);
    gate.open();
    await world.turns();
    await jobs.close();
  });

  it('OBS-04 a pause of a kind or of all lets nothing begin, lasts over a restart, and ends when it is ended', async () => {
    const seen: unknown[] = [];
    const define = (jobs: Parameters<Parameters<JobsWorld['start']>[0]>[0]): void =>
      jobs.define(kindOf(({ data }) => void seen.push(data)));
    const first = world.start(define);
    await first.pause('work');
    await first.enqueue({ kind: 'work', data: 1 });
    await world.turns();
    await first.close();
    const second = world.start(define);
    await world.turns();
    expect(second.overview().kinds).toMatchObject([{ kind: 'work', isPaused: true, counts: { waiting: 1 } }]);
    expect(seen).toEqual([]);
    await second.pause(null);
    await second.resume('work');
    await world.turns();
    expect(seen).toEqual([]);
    await second.resume(null);
    await world.turns();
    expect(seen).toEqual([1]);
    await second.close();
  });

  it('OBS-04 an end of the application waits for what runs, begins no further step, and costs no attempt', async () => {
    const seen: string[] = [];
    const gate = createGate();
    const define = (jobs: Parameters<Parameters<JobsWorld['start']>[0]>[0]): void => {
      jobs.define(
        kindOf(async ({ step, attempt }) => {
          seen.push(`run ${String(attempt)}`);
          await step('one', async () => {
            seen.push('one');
            await new Promise<void>((resolve) => {
              setImmediate(resolve);
            });
          });
          await step('two', () => void seen.push('two'));
        }),
      );
      jobs.define(kindOf(gate.run, { kind: 'endless' }));
    };
    const first = world.start(define);
    await first.enqueueAll([
      { kind: 'work', data: null },
      { kind: 'endless', data: null },
    ]);
    while (!seen.includes('one'))
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    const closed = first.close();
    await world.pass(10_000);
    await closed;
    await expect(first.enqueue({ kind: 'work', data: null })).rejects.toThrow('Sign in');
    const second = world.start(define);
    await world.turns();
    expect(seen).toEqual(['run 1', 'one', 'run 1', 'two']);
    expect(second.list({ kind: 'endless' })[0]).toMatchObject({ state: 'active', attempts: 1 });
    gate.open();
    await world.turns();
    await second.close();
  });

  it('OBS-04 names and words in jobs cannot be read in the file, nor with another key', async () => {
    const jobs = world.start((host) =>
      host.define(
        kindOf(async ({ log, step }) => {
          log('mail to Wilhelmine');
          await step('name', () => 'Wilhelmine');
          throw new GiveUp('Wilhelmine has no address');
        }),
      ),
    );
    const id = await jobs.enqueue({
      kind: 'work',
      data: { to: 'Wilhelmine' },
      label: 'Wilhelmine',
      uniqueKey: 'Wilhelmine',
    });
    await jobs.schedule({
      name: 'nightly',
      cron: '0 3 * * *',
      zone: 'Europe/Berlin',
      kind: 'work',
      data: { to: 'Wilhelmine' },
    });
    await jobs.settled(id);
    const bytes = [world.file, `${world.file}-wal`].map((file) => readFileSync(file).toString('latin1')).join('');
    expect(bytes).toContain('nightly');
    expect(bytes).not.toContain('Wilhelmine');
    await jobs.close();
    const seen: unknown[] = [];
    const other = createJobs<JobsProfile>(world.deps);
    other.define(kindOf(({ data }) => void seen.push(data)));
    other.open({ ...world.profile, jobsKey: Buffer.alloc(32, 6) });
    expect(other.list()[0]).toMatchObject({ label: '', error: null });
    expect(other.logOf(id).map(({ text }) => text)).toEqual(['']);
    // What it was to do is not made up: it is given up.
    await other.retry(id);
    expect((await other.settled(id)).state).toBe('failed');
    expect(seen).toEqual([]);
    expect(other.overview().plans).toEqual([]);
    await other.close();
  });

  it('OBS-04 a file that was damaged is put aside, and jobs go on with a new one', async () => {
    const seen: unknown[] = [];
    const define = (jobs: Parameters<Parameters<JobsWorld['start']>[0]>[0]): void =>
      jobs.define(kindOf(({ data }) => void seen.push(data)));
    const first = world.start(define);
    await first.enqueue({ kind: 'work', data: 1, runAt: world.now() + 1000 });
    await first.close();
    writeFileSync(world.file, 'this is no database, whatever it is called');
    const second = world.start(define);
    await second.settled(await second.enqueue({ kind: 'work', data: 2 }));
    expect(seen).toEqual([2]);
    const aside = readdirSync(path.dirname(world.file)).find((name) => name.includes('.damaged-')) ?? '';
    expect(readFileSync(path.join(path.dirname(world.file), aside), 'utf8')).toContain('no database');
    await second.close();
  });

  it('OBS-04 finished jobs leave with time, the last of each kind and those that failed stay longer', async () => {
    const jobs = world.start((host) =>
      host.define(
        kindOf(
          ({ data }) => {
            if (data === 'bad') throw new GiveUp('bad');
          },
          { concurrency: 50 },
        ),
      ),
    );
    await jobs.enqueueAll(Array.from({ length: 260 }, (_, index) => ({ kind: 'work', data: index })));
    await jobs.enqueue({ kind: 'work', data: 'bad' });
    await world.turns();
    world.jump(3_700_000);
    await world.pass(30_000);
    expect(jobs.list({ state: 'done', limit: 1000 })).toHaveLength(200);
    world.jump(31 * 86_400_000);
    await world.pass(30_000);
    expect(jobs.list({ limit: 1000 }).map(({ state }) => state)).toEqual(['failed']);
    world.jump(60 * 86_400_000);
    await world.pass(30_000);
    expect(jobs.list({ limit: 1000 })).toEqual([]);
    await jobs.close();
  });

  it('OBS-04 the log of a job keeps its last 200 lines', async () => {
    const jobs = world.start((host) =>
      host.define(
        kindOf(({ log }) => {
          for (let line = 1; line <= 450; line += 1) log(`line ${String(line)}`);
        }),
      ),
    );
    const id = await jobs.enqueue({ kind: 'work', data: null });
    await jobs.settled(id);
    await world.turns();
    const lines = jobs.logOf(id);
    expect([lines.length, lines[0]?.text, lines.at(-1)?.text]).toEqual([200, 'line 251', 'line 450']);
    await jobs.close();
  });
});
