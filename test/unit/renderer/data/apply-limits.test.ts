// What pages may do to the local database at most, with RxDB's own storage in memory below it.
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApplier, type PullPage } from '#renderer/data/apply.ts';
import { openLocalDatabase, type LocalDatabase } from '#renderer/data/database.ts';
import { createPendingOperations } from '#renderer/data/pending-operations.ts';
import type { PullItem } from '#shared/sync/messages.ts';

const AT = '2026-11-01T00:00:00.000Z';
const put = (
  id: string,
  kind = 'account',
  coll = 'accounts',
  more: Readonly<Record<string, unknown>> = {},
): PullItem => ({
  t: 'put',
  coll,
  record: { id, kind, rev: 1, createdAt: AT, updatedAt: AT, createdBy: null, updatedBy: null, ...more },
});
const pageOf = (token: string, items: readonly PullItem[]): PullPage => ({
  items,
  token,
  caughtUp: false,
  snapshotStart: false,
});

describe('pages and the local database', () => {
  let database: LocalDatabase;
  beforeEach(async () => {
    database = await openLocalDatabase('limits', getRxStorageMemory());
  });
  afterEach(() => database.remove());

  it('D18 more records than the computer is made for are refused, and the position stays where it was', async () => {
    const applier = createApplier(database, createPendingOperations(), 'me', 5);
    await applier.applyPage(
      pageOf(
        'one',
        ['a', 'b', 'c', 'd', 'e'].map((id) => put(id)),
      ),
    );
    await expect(applier.applyPage(pageOf('two', [put('f')]))).rejects.toMatchObject({ code: 'wrong_answer' });
    await expect(
      applier.setProjections([{ entity: 'account', id: 'g', projection: { ...put('g') } as never }]),
    ).rejects.toMatchObject({ code: 'wrong_answer' });
    expect([database.storedOf('accounts').size, database.readPosition().token]).toEqual([5, 'one']);
    await applier.applyPage(
      pageOf('three', [put('a', 'account', 'accounts', { rev: 2 }), { t: 'del', coll: 'accounts', id: 'b' }]),
    );
    await applier.applyPage(pageOf('four', [put('f')]));
    expect([...database.storedOf('accounts').keys()].toSorted()).toEqual(['a', 'c', 'd', 'e', 'f']);
  });

  it('D18 unknown kinds and collections change nothing, and a record lies where its kind does', async () => {
    const applier = createApplier(database, createPendingOperations(), 'me');
    const unknown: PullItem[] = [
      put('x1', 'spaceship'),
      put('x2', '__proto__'),
      put('x3', 'constructor', 'constructor'),
      { t: 'del', coll: 'toString', id: 'x4' },
      { t: 'remove', coll: '__proto__', id: 'x5' },
      put('x6', 'contact', 'inbox'),
    ];
    await applier.applyPage(pageOf('one', unknown));
    expect(database.storedOf('contacts').has('x6')).toBe(true);
    const inbox = [...database.storedOf('inbox').keys(), ...database.storedOf('accounts').keys()];
    expect([inbox, database.readPosition().token]).toEqual([[], 'one']);
  });
});
