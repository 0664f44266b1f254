import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createJobEngine, type JobEngine, type JobKind, type JobTimes } from '#server/jobs/job-engine.ts';
import { stableId } from '#server/jobs/stable-id.ts';
import { createLog } from '#server/log/create-log.ts';
import type { DatabaseLocation, SqlDatabase } from '#server/store/database.ts';
import { openDatabase } from '#server/store/open-database.ts';
import { sqlEngines } from '#test/support/sql-engines.ts';
import { Writable } from 'node:stream';

interface Note {
  readonly text: string;
}

const quick: JobTimes = { retries: 2, firstPauseSeconds: 1, longestPauseSeconds: 1, lookSeconds: 0.5 };

function collect() {
  const lines: string[] = [];
  const log = createLog(
    'debug',
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        lines.push(chunk.toString('utf8'));
        done();
      },
    }),
  );
  return { lines, log };
}

interface Played {
  readonly kind: JobKind<Note>;
  readonly worked: string[];
  readonly givenUp: string[];
}

function play(queue: string, fail: (text: string) => boolean = () => false): Played {
  const worked: string[] = [];
  const givenUp: string[] = [];
  const kind: JobKind<Note> = {
    queue,
    atOnce: 2,
    mostSeconds: 60,
    async work({ text }) {
      worked.push(text);
      if (fail(text)) throw new Error(`cannot do ${text}`);
    },
    async giveUp({ text }) {
      givenUp.push(text);
    },
  };
  return { kind, worked, givenUp };
}

const waiting = { timeout: 30_000, interval: 50 };

describe.each(sqlEngines)('jobs on $name', (engine) => {
  let location: DatabaseLocation;
  let remove: () => Promise<void>;
  let database: SqlDatabase;
  const engines: JobEngine[] = [];

  beforeAll(async () => {
    ({ location, remove } = await engine.createLocation());
    database = await openDatabase(location);
  }, 60_000);

  afterAll(async () => {
    for (const one of engines) await one.stop();
    await database.close();
    await remove();
  });

  function open(kinds: readonly JobKind<Note>[], db = database): JobEngine {
    const made = createJobEngine({ database: db, log: collect().log, times: quick }, kinds);
    engines.push(made);
    return made;
  }

  test('ANA-10 a job is done once, however often the same one is sent', { timeout: 60_000 }, async () => {
    const { kind, worked } = play('once');
    const jobs = open([kind]);
    const id = stableId('once', 'a');
    await jobs.send(kind, id, { text: 'a' });
    await jobs.send(kind, id, { text: 'a again' });
    await expect.poll(() => worked, waiting).toEqual(['a']);
    await jobs.send(kind, id, { text: 'a after it was done' });
    await jobs.send(kind, stableId('once', 'b'), { text: 'b' });
    await expect.poll(() => worked, waiting).toEqual(['a', 'b']);
  });

  test(
    'ANA-10 a job that fails is tried again, and handed over when it fails for good',
    { timeout: 60_000 },
    async () => {
      const { kind, worked, givenUp } = play('failing', (text) => text === 'bad');
      const jobs = open([kind]);
      await jobs.send(kind, stableId('bad'), { text: 'bad' });
      await jobs.send(kind, stableId('good'), { text: 'good' });
      await expect.poll(() => givenUp, waiting).toEqual(['bad']);
      expect(worked.filter((text) => text === 'bad')).toHaveLength(3);
      expect(worked.filter((text) => text === 'good')).toHaveLength(1);
    },
  );

  test('ANA-10 what was left when an engine stopped is done by the next one', { timeout: 60_000 }, async () => {
    const first = play('left', () => true);
    const before = open([first.kind]);
    await before.send(first.kind, stableId('left'), { text: 'left' });
    await expect.poll(() => first.worked.length, waiting).toBeGreaterThan(0);
    await before.stop();
    const second = play('left');
    await open([second.kind]).start();
    await expect.poll(() => second.worked, waiting).toEqual(['left']);
  });

  // PGlite has one owner: there are never two servers on it.
  if (engine.name === 'postgres') {
    test(
      'ANA-10 two servers on one database share the jobs and do each of them once',
      { timeout: 60_000 },
      async () => {
        const other = await openDatabase(location);
        const one = play('shared');
        const two = play('shared');
        const [first, second] = [open([one.kind]), open([two.kind], other)];
        await Promise.all([first.start(), second.start()]);
        const texts = Array.from({ length: 20 }, (_, index) => `job ${String(index).padStart(2, '0')}`);
        for (const text of texts)
          await Promise.all([
            first.send(one.kind, stableId(text), { text }),
            second.send(two.kind, stableId(text), { text }),
          ]);
        await expect.poll(() => [...one.worked, ...two.worked].sort(), waiting).toEqual(texts);
        await second.stop();
        await other.close();
      },
    );
  }
});
