// A disk that is full for a moment: whatever could not be written comes again, and nothing is lost or left behind by the
// first attempt, at whichever write it failed.
import { describe, expect, it } from 'vitest';
import { createApplier, type Applier } from '#renderer/data/apply.ts';
import { projectionOf } from '#renderer/data/local-record.ts';
import { createPendingOperations } from '#renderer/data/pending-operations.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { PullItem, Verdict } from '#shared/sync/messages.ts';
import { SCHEMA_VERSION, type Operation } from '#shared/sync/operation.ts';
import { createDatabaseFile, openDatabaseFile } from '#test/sim/client/database-file.ts';

const stamps = { createdAt: '', createdBy: null, updatedAt: '', updatedBy: null, teamId: null };

function recordOf(kind: string, id: string, rev = 1): AnyRecord {
  return { ...stamps, id, kind, rev, ownerId: 'me', name: id } as AnyRecord;
}

const put = (coll: string, kind: string, id: string): PullItem => ({ t: 'put', coll, record: recordOf(kind, id) });

function operationOn(kind: Operation['kind'], recordId: string, opNo: number): Operation {
  const changes = kind === 'create' ? [{ group: 'name', base: {}, to: { name: recordId } }] : [];
  const captured = { wall: '2026-01-01T00:00:00.000Z', sinceBootMs: 1 };
  const rest = { txn: null, command: 'c', baseRev: 1, dependsOn: [], captured, schema: SCHEMA_VERSION };
  return { opId: `op-${String(opNo)}`, opNo, entity: 'account', kind, recordId, changes, ...rest };
}

const page = (items: readonly PullItem[], token: string, snapshotStart: boolean, caughtUp: boolean) => ({
  items,
  token,
  snapshotStart,
  caughtUp,
});

/** A database in which the n-th write fails. */
function createWorld(failAt: number) {
  let writes = 0;
  const file = createDatabaseFile();
  const database = openDatabaseFile(file, () => {
    writes += 1;
    if (writes === failAt) throw new OutpostError('disk_full', 'There is no space left.');
    return null;
  });
  const applier = createApplier(database, createPendingOperations(), 'me');
  const stored = (): readonly string[] =>
    [...file.stored].flatMap(([coll, records]) =>
      [...records].map(([id, record]) => `${coll}/${id} ${projectionOf(record) === null ? 'own' : 'known'}`),
    );
  const shown = (): readonly string[] =>
    (['account', 'contact'] as const).flatMap((entity) => [...database.mirror.all(entity).keys()]);
  return { applier, stored, shown };
}

/** Asks again once, as the engine does. */
async function twice(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof OutpostError)) throw error;
    await work();
  }
}

const FEW_WRITES = Array.from({ length: 14 }, (_, index) => index + 1);

async function fillAndResync(applier: Applier): Promise<void> {
  const steps = [
    page([put('accounts', 'account', 'a'), put('accounts', 'account', 'gone')], 't1', true, true),
    page([put('accounts', 'account', 'a')], 't2', true, false),
    page([put('contacts', 'contact', 'c')], 't3', false, true),
  ];
  for (const step of steps) await twice(() => applier.applyPage(step));
}

describe('a full disk', () => {
  it.each(FEW_WRITES)('SYNC-19 a resync that failed at write %i ends as if nothing had happened', async (failAt) => {
    const { applier, stored, shown } = createWorld(failAt);
    await fillAndResync(applier);
    expect(stored()).toEqual(['accounts/a known', 'contacts/c known']);
    expect(shown()).toEqual(['a', 'c']);
  });

  it.each(FEW_WRITES)('SYNC-47 an answer that failed at write %i is taken in when it comes again', async (failAt) => {
    const { applier, stored, shown } = createWorld(failAt);
    await twice(() => applier.applyPage(page([put('accounts', 'account', 'a')], 't1', true, true)));
    const operations = [operationOn('create', 'refused', 1), operationOn('delete', 'a', 2)];
    await twice(() => applier.applyOperations(operations));
    expect(shown()).toEqual(['refused']);
    const refusal = { status: 'rejected' as const, code: 'invalid' as const, message: '', groups: [], problems: [] };
    const verdicts: readonly Verdict[] = [
      { opId: 'op-1', opNo: 1, record: null, ...refusal },
      { opId: 'op-2', opNo: 2, record: recordOf('account', 'a', 2), ...refusal },
    ];
    await twice(() => applier.applyVerdicts(verdicts));
    expect(stored()).toEqual(['accounts/a known']);
    expect(shown()).toEqual(['a']);
  });

  it('SYNC-10 a deletion that is unsent hides the record and keeps what the server said of it', async () => {
    const { applier, stored, shown } = createWorld(0);
    await applier.applyPage(page([put('accounts', 'account', 'a')], 't1', true, true));
    await applier.applyOperations([operationOn('delete', 'a', 1)]);
    expect([stored(), shown()]).toEqual([['accounts/a known'], []]);
    await applier.applyPage(page([{ t: 'remove', coll: 'accounts', id: 'a' }], 't2', false, true));
    expect(stored()).toEqual([]);
  });
});
