// Journals in directories of their own, with time and ids under control.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { JournalOptions } from '#main/journal/journal-store.ts';
import { openJournal, type Journal } from '#main/journal/journal.ts';
import { createIdFactory } from '#shared/kernel/ids.ts';
import { createSeededRandom } from '#shared/kernel/seeded-random.ts';
import type { Verdict } from '#shared/sync/messages.ts';
import { SCHEMA_VERSION, type Operation, type OperationDraft } from '#shared/sync/operation.ts';

export const journalKey = Buffer.alloc(32, 7);
const clock = { now: () => Date.parse('2026-11-21T09:00:00Z') };

export interface JournalWorld {
  readonly path: string;
  open(options?: Partial<JournalOptions>): Journal;
  draft(options?: Partial<OperationDraft>): OperationDraft;
  remove(): void;
}

export function createJournalWorld(seed = 1): JournalWorld {
  const directory = mkdtempSync(path.join(tmpdir(), 'outpost-journal-'));
  const file = path.join(directory, 'journal.sqlite');
  const createId = createIdFactory(clock, createSeededRandom(seed));
  return {
    path: file,
    open: (options = {}) =>
      openJournal({ path: file, key: journalKey, deviceId: 'device-1', clock, createId, ...options }),
    draft: (options = {}) => ({
      opId: createId(),
      txn: null,
      kind: 'patch',
      entity: 'deal',
      recordId: 'deal-1',
      command: 'updateRecord',
      baseRev: 3,
      changes: [{ group: 'name', base: { name: 'Old name' }, to: { name: 'SECRET-CANARY new name' } }],
      dependsOn: [],
      captured: { wall: '2026-11-21T09:00:00.000Z', sinceBootMs: 12 },
      schema: SCHEMA_VERSION,
      ...options,
    }),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

export function applied({ opId, opNo }: Operation): Verdict {
  return { opId, opNo, status: 'applied', seq: 10 + opNo, record: null, conflicts: [] };
}

export function rejected({ opId, opNo }: Operation): Verdict {
  return {
    opId,
    opNo,
    status: 'rejected',
    code: 'not_visible',
    message: 'This is not available to you.',
    groups: [],
    problems: [],
    record: null,
  };
}
