import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCommitQueue, type CommitQueue } from '#main/jobs/commit-queue.ts';

describe('commits of many callers', () => {
  let directory: string;
  let db: DatabaseSync;
  let queue: CommitQueue;
  let commits: number;
  let failures: unknown[];
  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'outpost-commits-'));
    db = new DatabaseSync(path.join(directory, 'a.sqlite'));
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE line (text TEXT UNIQUE)');
    commits = 0;
    failures = [];
    queue = createCommitQueue(db, {
      andThen: () => () => {
        commits += 1;
      },
      onRollback: () => undefined,
      onFailed: (error) => failures.push(error),
    });
  });
  afterEach(() => {
    queue.close();
    db.close();
    rmSync(directory, { recursive: true });
  });

  const add = (text: string): Promise<void> =>
    queue.write(() => {
      db.prepare('INSERT INTO line (text) VALUES (?)').run(text);
    });
  /** What somebody else who opens the file finds. */
  function readElsewhere(): readonly string[] {
    const other = new DatabaseSync(path.join(directory, 'a.sqlite'), { readOnly: true });
    const texts = other.prepare('SELECT text FROM line ORDER BY rowid').all();
    other.close();
    return texts.map(({ text }) => String(text));
  }

  it('OBS-04 what is asked for at once is one commit, and nobody goes on before it has returned', async () => {
    const seen: (readonly string[])[] = [];
    const all = ['a', 'b', 'c'].map((text) => add(text).then(() => seen.push(readElsewhere())));
    expect(readElsewhere()).toEqual([]);
    await Promise.all(all);
    expect(seen).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
    ]);
    expect(commits).toBe(1);
  });

  it('OBS-04 a write that fails is told to its caller, and takes nothing of the others with it', async () => {
    const outcomes = await Promise.allSettled([add('a'), add('a'), add('b')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(readElsewhere()).toEqual(['a', 'b']);
    expect(failures).toHaveLength(1);
  });

  it('OBS-04 a full disk refuses with its code, keeps what was there, and takes more when there is room', async () => {
    await add('kept');
    db.exec(`PRAGMA max_page_count = ${String(db.prepare('PRAGMA page_count').get()?.['page_count'])}`);
    await expect(add('x'.repeat(100_000))).rejects.toMatchObject({ code: 'disk_full' });
    expect(readElsewhere()).toEqual(['kept']);
    db.exec('PRAGMA max_page_count = 100000');
    await add('more');
    expect(readElsewhere()).toEqual(['kept', 'more']);
  });

  it('OBS-04 what was asked for before the end is on the disk, and what comes after it is refused', async () => {
    const last = add('last');
    queue.close();
    await last;
    expect(readElsewhere()).toEqual(['last']);
    await expect(add('late')).rejects.toMatchObject({ code: 'cancelled' });
  });
});
