// The file below the journal as a model: a transaction is on the disk when it returns, or nothing of it is. Who dies in it
// dies before or after that instant. Transactions that may be lost are lost from the newest on, up to the last one that may
// not. The rules of the journal above are the product's.
import type { JournalStore } from '#main/journal/journal-store.ts';
import { settle } from '#main/journal/journal-store.ts';
import type { Entry, HistoryLine, JournalState } from '#main/journal/read-rows.ts';
import type { AttentionItem } from '#shared/ipc/sync-status.ts';
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
  /** What takes back each transaction that the disk may not have taken yet, oldest first. */
  readonly recent: Undo[];
}

type Undo = () => void;
type Write = () => Undo;

export function createJournalFile(): JournalFile {
  return { ops: new Map(), attention: new Map(), history: new Map(), discarded: new Set(), state: null, recent: [] };
}

/** A power cut: the newest transactions that may be lost are. */
export function loseNewestTransactions(file: JournalFile, count: number): void {
  for (const undo of file.recent.splice(Math.max(0, file.recent.length - count)).reverse()) undo();
}

/** As a database reads them. */
export function inOrder(file: JournalFile): readonly Entry[] {
  return [...file.ops.values()].toSorted((left, right) => left.operation.opNo - right.operation.opNo);
}

function put<Key, Value>(map: Map<Key, Value>, key: Key, value: Value | undefined): Undo {
  const before = map.get(key);
  const set = (wanted: Value | undefined): void => {
    if (wanted === undefined) map.delete(key);
    else map.set(key, wanted);
  };
  set(value);
  return () => set(before);
}

function putState(file: JournalFile, state: JournalState | null): Undo {
  const before = file.state;
  file.state = state;
  return () => {
    file.state = before;
  };
}

function putDiscarded(file: JournalFile, id: string): Undo {
  const undo = put(file.attention, id, undefined);
  file.discarded.add(id);
  return () => {
    file.discarded.delete(id);
    undo();
  };
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
  const rows = {
    state,
    entries: new Map(inOrder(file).map((entry) => [entry.operation.opNo, entry])),
    attention: new Map(file.attention),
    damaged: [],
  };
  const settled = settle(rows, deps);
  let staged: Write[] = [];
  let isHistoryChanged = false;
  const stage = (write: Write): void => void staged.push(write);
  return {
    ...settled,
    damage: { quarantinedCount: 0, isNumberingLost: false, setAsideAs: null },
    writeOperation: (operation) => stage(() => put(file.ops, operation.opNo, { operation, verdict: null })),
    writeState: (next) => stage(() => putState(file, next)),
    writeVerdict: (verdict) =>
      stage(() => {
        const entry = file.ops.get(verdict.opNo);
        return put(file.ops, verdict.opNo, entry === undefined ? undefined : { ...entry, verdict });
      }),
    writeHistory: (operation, verdict, atMs) => {
      isHistoryChanged = true;
      const seq = 'seq' in verdict ? verdict.seq : null;
      stage(() => put(file.history, operation.opNo, { operation, status: verdict.status, seq, atMs }));
    },
    writeAttention: (item) => stage(() => put(file.attention, item.id, item)),
    deleteOperation: (opNo) => stage(() => put(file.ops, opNo, undefined)),
    moveToDiscarded: (id) => stage(() => putDiscarded(file, id)),
    // A run is shorter than the log is kept.
    pruneHistory: () => undefined,
    readHistory: () => [...file.history.values()].toSorted((a, b) => a.operation.opNo - b.operation.opNo),
    isHistoryChanged: () => {
      const hasChanged = isHistoryChanged;
      isHistoryChanged = false;
      return hasChanged;
    },
    replaceHistory: (line) => stage(() => put(file.history, line.operation.opNo, line)),
    deleteHistory: (opNo) => stage(() => put(file.history, opNo, undefined)),
    eraseFormerRows: () => undefined,
    transaction(work, durability) {
      staged = [];
      const value = work();
      const fate = deps.atCommit();
      if (fate === 'dieBefore') throw new PowerLoss();
      if (fate === 'full') throw new OutpostError('disk_full', 'There is no space left.');
      const undos = staged.map((write) => write()).toReversed();
      if (durability === 'later') file.recent.push(() => undos.forEach((undo) => undo()));
      else file.recent.length = 0;
      if (fate === 'dieAfter') throw new PowerLoss();
      return value;
    },
    makeRoom: () => undefined,
    close: () => undefined,
  };
}
