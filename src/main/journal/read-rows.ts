// Reading a journal that may be damaged: every row is either exactly what was written or counted as damaged.
import type { DatabaseSync } from 'node:sqlite';
import type { AttentionItem } from '#shared/ipc/sync-status.ts';
import type { Operation } from '#shared/sync/operation.ts';
import type { Verdict } from '#shared/sync/messages.ts';
import type { Sealer } from '#main/journal/seal.ts';

export interface JournalState {
  /** Numbers belong to a device as the server knows it. */
  readonly deviceId: string;
  /** Number of the next operation; never used twice by one device. */
  readonly nextOpNo: number;
  /** Operations below were answered and delivered. */
  readonly firstOpNo: number;
  /** Further numbers that were answered and delivered, out of order. */
  readonly done: readonly number[];
  /** A purge has begun after which the journal must be looked through; not yet done. */
  readonly isSweepDue?: boolean;
}

/** One line of the log of answered operations. */
export interface HistoryLine {
  readonly operation: Operation;
  readonly status: Verdict['status'];
  readonly seq: number | null;
  readonly atMs: number;
}

export interface Entry {
  readonly operation: Operation;
  /** Null until the server answered. */
  readonly verdict: Verdict | null;
}

export interface DamagedRow {
  readonly place: string;
  readonly bytes: Uint8Array;
}

export interface JournalRows {
  /** Null when nobody can tell any more which numbers were used. */
  readonly state: JournalState | null;
  readonly entries: Map<number, Entry>;
  readonly attention: Map<string, AttentionItem>;
  readonly damaged: readonly DamagedRow[];
}

export const places = {
  state: 'state:1',
  operation: (opNo: number, opId: string) => `ops:${opNo}:${opId}`,
  verdict: (opNo: number) => `verdict:${opNo}`,
  history: (opNo: number) => `history:${opNo}`,
  attention: (id: string) => `attention:${id}`,
};

function readTable(db: DatabaseSync, table: 'state' | 'ops' | 'attention'): Record<string, unknown>[] {
  const rows: Record<string, unknown>[] = [];
  try {
    for (const row of db.prepare(`SELECT * FROM ${table}`).iterate()) rows.push(row);
  } catch {
    // A damaged page ends the walk; what was read before it is kept, what is missing is found by its number.
    return rows;
  }
  return rows;
}

function toBytes(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : Buffer.from(String(value));
}

export function readRows(db: DatabaseSync, sealer: Sealer): JournalRows {
  const damaged: DamagedRow[] = [];
  const [stateRow] = readTable(db, 'state');
  const state =
    stateRow === undefined
      ? null
      : ((sealer.open(places.state, toBytes(stateRow['sealed'])) as JournalState | undefined) ?? null);
  const entries = new Map<number, Entry>();
  for (const row of readTable(db, 'ops')) {
    const opNo = Number(row['op_no']);
    const place = places.operation(opNo, String(row['op_id']));
    const operation = sealer.open(place, toBytes(row['sealed'])) as Operation | undefined;
    if (operation === undefined) {
      damaged.push({ place, bytes: toBytes(row['sealed']) });
      continue;
    }
    // A verdict that cannot be read is asked for again: pushing twice has one effect.
    const verdict =
      row['verdict'] === null
        ? null
        : ((sealer.open(places.verdict(opNo), toBytes(row['verdict'])) as Verdict | undefined) ?? null);
    entries.set(opNo, { operation, verdict });
  }
  const attention = new Map<string, AttentionItem>();
  for (const row of readTable(db, 'attention')) {
    const place = places.attention(String(row['id']));
    const item = sealer.open(place, toBytes(row['sealed'])) as AttentionItem | undefined;
    if (item === undefined) damaged.push({ place, bytes: toBytes(row['sealed']) });
    else attention.set(item.id, item);
  }
  return { state, entries, attention, damaged };
}

/** The log, in order; a line that cannot be read is left out: it is a second chance, not the first. */
export function* readHistory(db: DatabaseSync, sealer: Sealer): Generator<HistoryLine> {
  for (const row of db.prepare('SELECT op_no, at_ms, sealed FROM history ORDER BY op_no').iterate()) {
    const place = places.history(Number(row['op_no']));
    const line = sealer.open(place, toBytes(row['sealed'])) as Omit<HistoryLine, 'atMs'> | undefined;
    if (line !== undefined) yield { ...line, atMs: Number(row['at_ms']) };
  }
}
