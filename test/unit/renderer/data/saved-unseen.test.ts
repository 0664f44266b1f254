// The journal has what was typed, and the local database cannot be written at that moment: it is saved, and nobody says otherwise.
import { expect, it } from 'vitest';
import { createApplier } from '#renderer/data/apply.ts';
import { saveOperations, type JournalPort } from '#renderer/data/execute.ts';
import { createPendingOperations } from '#renderer/data/pending-operations.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { SCHEMA_VERSION, type Operation, type OperationDraft } from '#shared/sync/operation.ts';
import { createDatabaseFile, openDatabaseFile } from '#test/sim/client/database-file.ts';

const draft: OperationDraft = {
  opId: 'op-1',
  txn: null,
  kind: 'create',
  entity: 'account',
  recordId: 'a1',
  command: 'createRecord',
  baseRev: 0,
  changes: [{ group: 'name', base: {}, to: { name: 'Typed on a full disk' } }],
  dependsOn: [],
  captured: { wall: '2026-01-01T00:00:00.000Z', sinceBootMs: 1 },
  schema: SCHEMA_VERSION,
};

function createWorld() {
  let isFull = true;
  const database = openDatabaseFile(createDatabaseFile(), () => {
    if (isFull) throw new OutpostError('disk_full', 'There is no space left.');
    return null;
  });
  const stored: Operation[] = [];
  const journal: JournalPort = {
    append(drafts) {
      const appended = drafts.map((operation, index) => ({ ...operation, opNo: stored.length + index + 1 }));
      stored.push(...appended);
      return Promise.resolve(appended);
    },
    pending: () => Promise.resolve(stored),
  };
  const applier = createApplier(database, createPendingOperations(), 'me');
  return {
    journal,
    applier,
    makeRoom: () => {
      isFull = false;
    },
    shown: () => [...database.mirror.all('account').keys()],
  };
}

it('SYNC-4 SYNC-54 what the journal took is saved although the view could not be written, and is shown when it can be', async () => {
  const { journal, applier, makeRoom, shown } = createWorld();
  const unseen: unknown[] = [];
  const onSavedUnseen = async (error: unknown): Promise<void> => void unseen.push(error);
  expect(await saveOperations({ journal, applier, onSavedUnseen }, [draft])).toEqual(['op-1']);
  expect(unseen).toMatchObject([{ code: 'disk_full' }]);
  expect(shown()).toEqual([]);
  makeRoom();
  await applier.replay(await journal.pending());
  expect(shown()).toEqual(['a1']);
});

it('SYNC-4 what the journal did not take is not saved, and nobody is told that it is', async () => {
  const { journal, applier } = createWorld();
  const full = { ...journal, append: () => Promise.reject(new OutpostError('disk_full', 'There is no space left.')) };
  const onSavedUnseen = (): Promise<void> => Promise.reject(new Error('never'));
  await expect(saveOperations({ journal: full, applier, onSavedUnseen }, [draft])).rejects.toMatchObject({
    code: 'disk_full',
  });
});
