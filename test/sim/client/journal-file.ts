// The file below the journal as a model: a transaction is on the disk when it returns, or nothing of it is. Who dies in it
// dies before or after that instant. The rules of the journal above are the product's.
import type { JournalStore } from '#main/journal/journal-store.ts';
import { settle } from '#main/journal/journal-store.ts';
import type { Entry, HistoryLine, JournalState } from '#main/journal/read-rows.ts';
import type { AttentionItem } from '#shared/ipc/contract.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { CreateId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';

export interface JournalFile {
  readonly ops: Map<number, Entry>;
  readonly attention: Map<string, AttentionItem>;
  /** Answered operations, by number. */
  readonly history: Map<number, HistoryLine>;
  readonly discarded: Set<string>;
  state: JournalState | null;
}

export function createJournalFile(): JournalFile {
  return { ops: new Map(), attention: new Map(), history: new Map(), discarded: new Set(), state: null };
}

export interface JournalFileDeps {
  readonly clock: Clock;
  readonly createId: CreateId;
  readonly deviceId: string;
  /** Asked when a transaction is about to be on the disk: `before` and `after` throw there. */
  readonly atCommit: () => 'goOn' | 'dieBefore' | 'dieAfter' | 'full';
}

/** Thrown where the computer loses its power: everything in memory is gone with the stack. */
export class PowerLoss extends Error {}

export function openJournalFile(file: JournalFile, deps: JournalFileDeps): JournalStore {
  const state = file.state ?? { deviceId: deps.deviceId, nextOpNo: 1, firstOpNo: 1, done: [] };
  const rows = { state, entries: new Map(file.ops), attention: new Map(file.attention), damaged: [] };
  const settled = settle(rows, deps);
  let staged: (() => void)[] = [];
  let isHistoryChanged = false;
  const stage = (write: () => void): void => void staged.push(write);
  return {
    ...settled,
    damage: { quarantinedCount: 0, isNumberingLost: false, setAsideAs: null },
    writeOperation: (operation) => stage(() => file.ops.set(operation.opNo, { operation, verdict: null })),
    writeState: (next) =>
      stage(() => {
        file.state = next;
      }),
    writeVerdict: (verdict) =>
      stage(() => {
        const entry = file.ops.get(verdict.opNo);
        if (entry !== undefined) file.ops.set(verdict.opNo, { ...entry, verdict });
      }),
    writeHistory: (operation, verdict, atMs) => {
      isHistoryChanged = true;
      const seq = 'seq' in verdict ? verdict.seq : null;
      stage(() => file.history.set(operation.opNo, { operation, status: verdict.status, seq, atMs }));
    },
    writeAttention: (item) => stage(() => file.attention.set(item.id, item)),
    deleteOperation: (opNo) => stage(() => file.ops.delete(opNo)),
    moveToDiscarded: (id) =>
      stage(() => {
        file.attention.delete(id);
        file.discarded.add(id);
      }),
    // A run is shorter than the log is kept.
    pruneHistory: () => undefined,
    readHistory: () => [...file.history.values()].toSorted((a, b) => a.operation.opNo - b.operation.opNo),
    isHistoryChanged: () => {
      const hasChanged = isHistoryChanged;
      isHistoryChanged = false;
      return hasChanged;
    },
    replaceHistory: (line) => stage(() => file.history.set(line.operation.opNo, line)),
    deleteHistory: (opNo) => stage(() => file.history.delete(opNo)),
    eraseFormerRows: () => undefined,
    transaction(work) {
      staged = [];
      const value = work();
      const fate = deps.atCommit();
      if (fate === 'dieBefore') throw new PowerLoss();
      if (fate === 'full') throw new OutpostError('disk_full', 'There is no space left.');
      for (const write of staged) write();
      if (fate === 'dieAfter') throw new PowerLoss();
      return value;
    },
    close: () => undefined,
  };
}
