// The rows of the journal, in memory and in the file, and what opening does about damage: unreadable rows go to
// quarantine; a file SQLite cannot trust is put aside whole and what can be read of it is carried into a new one.
import type { Clock } from '#shared/kernel/ports.ts';
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { AttentionItem } from '#shared/ipc/sync-status.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { Verdict } from '#shared/sync/messages.ts';
import type { Operation } from '#shared/sync/operation.ts';
import { putAside } from '#main/kernel/own-file.ts';
import { growLog, openJournalFile, runTransaction, type Durability } from '#main/journal/journal-file.ts';
import {
  places,
  readHistory,
  readRows,
  type Entry,
  type HistoryLine,
  type JournalRows,
  type JournalState,
} from '#main/journal/read-rows.ts';
import { createDamageItem, planRepair } from '#main/journal/repair.ts';
import { createSealer, type Sealer } from '#main/journal/seal.ts';

export interface JournalOptions {
  readonly path: string;
  /** The profile key, 256 bits. */
  readonly key: Uint8Array;
  /** As the server knows this computer. Another id than before numbers everything unsent anew. */
  readonly deviceId: string;
  readonly clock: Clock;
  readonly createId: () => string;
  readonly pageSizeBytes?: number;
  /** Bounds the file, as a full disk would. */
  readonly mostPages?: number;
}

export interface JournalDamage {
  /** Rows kept aside because they cannot be read. */
  readonly quarantinedCount: number;
  /** Numbers used before are unknown: this device must sign in as a new one before it sends anything. */
  readonly isNumberingLost: boolean;
  /** Name of the damaged file that was put aside, if the whole file was. */
  readonly setAsideAs: string | null;
}

/** Rows in memory, and the writers that make them durable: everything a transaction ran is kept, or nothing of it. */
export interface JournalStore {
  readonly entries: Map<number, Entry>;
  readonly attention: Map<string, AttentionItem>;
  readonly damage: JournalDamage;
  state: JournalState;
  writeOperation(operation: Operation): void;
  writeState(state: JournalState): void;
  writeVerdict(verdict: Verdict): void;
  writeHistory(operation: Operation, verdict: Verdict, atMs: number): void;
  writeAttention(item: AttentionItem): void;
  deleteOperation(opNo: number): void;
  moveToDiscarded(id: string, atMs: number): void;
  pruneHistory(beforeMs: number): void;
  readHistory(): Iterable<HistoryLine>;
  /** Was anything added to the log since the last time this was asked? */
  isHistoryChanged(): boolean;
  replaceHistory(line: HistoryLine): void;
  deleteHistory(opNo: number): void;
  /** Takes what was deleted or replaced off the disk. */
  eraseFormerRows(): void;
  transaction<Value>(work: () => Value, durability?: Durability): Value;
  /** See growLog. */
  makeRoom(): void;
  close(): void;
}

const FIRST = { nextOpNo: 1, firstOpNo: 1, done: [] };

function createWriters(db: DatabaseSync, sealer: Sealer) {
  const operation = db.prepare('INSERT OR REPLACE INTO ops (op_no, op_id, sealed, verdict) VALUES (?, ?, ?, NULL)');
  const state = db.prepare('INSERT OR REPLACE INTO state (id, sealed) VALUES (1, ?)');
  const verdictOf = db.prepare('UPDATE ops SET verdict = ? WHERE op_no = ?');
  const history = db.prepare('INSERT OR REPLACE INTO history (op_no, at_ms, sealed) VALUES (?, ?, ?)');
  const attention = db.prepare('INSERT OR REPLACE INTO attention (id, sealed) VALUES (?, ?)');
  const remove = db.prepare('DELETE FROM ops WHERE op_no = ?');
  const removeItem = db.prepare('DELETE FROM attention WHERE id = ?');
  const discarded = db.prepare('INSERT OR REPLACE INTO discarded (id, at_ms) VALUES (?, ?)');
  const quarantine = db.prepare('INSERT INTO quarantine (place, at_ms, bytes) VALUES (?, ?, ?)');
  const prune = db.prepare('DELETE FROM history WHERE at_ms < ?');
  const removeLine = db.prepare('DELETE FROM history WHERE op_no = ?');
  let isHistoryChanged = false;
  return {
    writeOperation: (value: Operation) => {
      operation.run(value.opNo, value.opId, sealer.seal(places.operation(value.opNo, value.opId), value));
    },
    writeState: (value: JournalState) => {
      state.run(sealer.seal(places.state, value));
    },
    writeVerdict: (value: Verdict) => {
      verdictOf.run(sealer.seal(places.verdict(value.opNo), value), value.opNo);
    },
    writeHistory: (value: Operation, verdict: Verdict, atMs: number) => {
      const seq = 'seq' in verdict ? verdict.seq : null;
      isHistoryChanged = true;
      history.run(
        value.opNo,
        atMs,
        sealer.seal(places.history(value.opNo), { operation: value, status: verdict.status, seq }),
      );
    },
    writeAttention: (item: AttentionItem) => {
      attention.run(item.id, sealer.seal(places.attention(item.id), item));
    },
    deleteOperation: (opNo: number) => {
      remove.run(opNo);
    },
    moveToDiscarded: (id: string, atMs: number) => {
      removeItem.run(id);
      discarded.run(id, atMs);
    },
    pruneHistory: (beforeMs: number) => {
      prune.run(beforeMs);
    },
    readHistory: () => readHistory(db, sealer),
    isHistoryChanged: () => {
      const hasChanged = isHistoryChanged;
      isHistoryChanged = false;
      return hasChanged;
    },
    replaceHistory: ({ atMs, ...line }: HistoryLine) => {
      const { opNo } = line.operation;
      history.run(opNo, atMs, sealer.seal(places.history(opNo), line));
    },
    deleteHistory: (opNo: number) => {
      removeLine.run(opNo);
    },
    eraseFormerRows: () => {
      // Freed cells are overwritten (secure_delete); what is left of them stands in the log ahead of the file.
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    },
    writeQuarantine: (place: string, bytes: Uint8Array, atMs: number) => {
      quarantine.run(place, atMs, bytes);
    },
  };
}

/** What can be read of a file that SQLite does not trust. */
function readDamagedFile(path: string, sealer: Sealer): JournalRows {
  let db: DatabaseSync | null = null;
  try {
    db = new DatabaseSync(path, { readOnly: true });
    return readRows(db, sealer);
  } catch {
    // Not even the header can be read: the file itself is kept, nothing of it can be carried over.
    return { state: null, entries: new Map(), attention: new Map(), damaged: [] };
  } finally {
    db?.close();
  }
}

interface Opened {
  readonly db: DatabaseSync;
  readonly rows: JournalRows;
  readonly setAsideAs: string | null;
}

function openReadable(options: JournalOptions, sealer: Sealer): Opened {
  const isNew = !existsSync(options.path);
  const { pageSizeBytes, mostPages } = options;
  const fileOptions = {
    ...(pageSizeBytes === undefined ? {} : { pageSizeBytes }),
    ...(mostPages === undefined ? {} : { mostPages }),
  };
  try {
    const db = openJournalFile(options.path, fileOptions);
    const rows = readRows(db, sealer);
    const isUntouched = rows.entries.size === 0 && rows.attention.size === 0 && rows.damaged.length === 0;
    if (rows.state !== null) return { db, rows, setAsideAs: null };
    // Killed between making the tables and writing the first row: nothing was ever saved in it.
    if (isNew || (isUntouched && db.prepare('SELECT count(*) AS n FROM state').get()?.['n'] === 0)) {
      return { db, rows: { ...rows, state: { ...FIRST, deviceId: options.deviceId } }, setAsideAs: null };
    }
    db.close();
  } catch (error) {
    if (!(error instanceof OutpostError) || error.code !== 'journal_damaged') throw error;
  }
  const rows = readDamagedFile(options.path, sealer);
  const setAsideAs = putAside(options.path, options.clock.now());
  return { db: openJournalFile(options.path, fileOptions), rows, setAsideAs };
}

type Settled = Pick<JournalStore, 'entries' | 'attention' | 'state'>;

/** Nobody knows which numbers were used: nothing is sent, everything is shown. */
function showEverything(rows: JournalRows, deviceId: string, nowIso: string): Settled {
  const attention = new Map(rows.attention);
  for (const { operation, verdict } of rows.entries.values()) {
    if (verdict === null && operation.kind !== 'void')
      attention.set(operation.opId, createDamageItem(operation, nowIso));
  }
  return { state: { ...FIRST, deviceId }, entries: new Map(), attention };
}

/** The server knows this computer under a new name, which begins its numbers anew. */
function renumber(settled: Settled, deviceId: string): Settled {
  const entries = new Map<number, Entry>();
  let opNo = 1;
  for (const { operation, verdict } of settled.entries.values()) {
    if (verdict !== null || operation.kind === 'void') continue;
    entries.set(opNo, { operation: { ...operation, opNo }, verdict: null });
    opNo += 1;
  }
  return { state: { ...FIRST, deviceId, nextOpNo: opNo }, entries, attention: settled.attention };
}

/** What a journal goes on with after its rows were read, damaged or not. */
export function settle(rows: JournalRows, options: Pick<JournalOptions, 'clock' | 'createId' | 'deviceId'>): Settled {
  const nowIso = toInstant(options.clock.now());
  if (rows.state === null) return showEverything(rows, options.deviceId, nowIso);
  const repair = planRepair(rows, rows.state, options.createId, nowIso);
  const entries = new Map(rows.entries);
  for (const operation of repair.voids) entries.set(operation.opNo, { operation, verdict: null });
  const attention = new Map(rows.attention);
  for (const item of repair.items) attention.set(item.id, item);
  const settled = { state: rows.state, entries: new Map([...entries].sort(([a], [b]) => a - b)), attention };
  return rows.state.deviceId === options.deviceId ? settled : renumber(settled, options.deviceId);
}

/** Makes the file hold what was settled, in one transaction, with the unreadable rows kept beside. */
function writeSettled(db: DatabaseSync, sealer: Sealer, settled: Settled, rows: JournalRows, nowMs: number): void {
  const write = createWriters(db, sealer);
  runTransaction(db, () => {
    db.exec('DELETE FROM ops; DELETE FROM attention;');
    // Lines of the log carry the numbers of the device they were sent from.
    if (rows.state?.deviceId !== settled.state.deviceId) db.exec('DELETE FROM history');
    for (const { operation, verdict } of settled.entries.values()) {
      write.writeOperation(operation);
      if (verdict !== null) write.writeVerdict(verdict);
    }
    for (const item of settled.attention.values()) write.writeAttention(item);
    for (const row of rows.damaged) write.writeQuarantine(row.place, row.bytes, nowMs);
    write.writeState(settled.state);
  });
}

export function openJournalStore(options: JournalOptions): JournalStore {
  const sealer = createSealer(options.key, 'journal');
  const { db, rows, setAsideAs } = openReadable(options, sealer);
  const settled = settle(rows, options);
  const isAsRead =
    setAsideAs === null &&
    rows.damaged.length === 0 &&
    settled.state === rows.state &&
    settled.state.nextOpNo > 1 &&
    settled.entries.size === rows.entries.size &&
    settled.attention.size === rows.attention.size;
  if (!isAsRead) writeSettled(db, sealer, settled, rows, options.clock.now());
  return {
    ...settled,
    damage: { quarantinedCount: rows.damaged.length, isNumberingLost: rows.state === null, setAsideAs },
    ...createWriters(db, sealer),
    transaction: (work, durability) => runTransaction(db, work, durability),
    makeRoom: () => growLog(db),
    close: () => db.close(),
  };
}
