// What becomes of work beside a damaged row. Numbers stay gapless: every number that cannot be sent any more is sent as
// an explicit `void`, and is told as an attention item with nothing in it. What belonged together with a damaged
// operation, or depended on it, is not sent alone: it goes to the attention list, where the user sees what was typed.
import type { AttentionItem } from '#shared/ipc/sync-status.ts';
import { SCHEMA_VERSION, type Operation } from '#shared/sync/operation.ts';
import type { Entry, JournalRows, JournalState } from '#main/journal/read-rows.ts';

const LOSS_MESSAGE =
  'A change of yours could not be read any more and was not sent. Check what you entered last and enter it again if it is missing.';
const DAMAGE_MESSAGE =
  'Part of the file with your unsent work was damaged. Check this entry and enter it again if you still need it.';

/** A number that stands for nothing. */
export function createVoid(opNo: number, opId: string, nowIso: string): Operation {
  return {
    opId,
    opNo,
    txn: null,
    kind: 'void',
    entity: 'void',
    recordId: opId,
    command: 'void',
    baseRev: 0,
    changes: [],
    dependsOn: [],
    captured: { wall: nowIso, sinceBootMs: 0 },
    schema: SCHEMA_VERSION,
  };
}

export function createDamageItem(operation: Operation, nowIso: string): AttentionItem {
  const message = operation.kind === 'void' ? LOSS_MESSAGE : DAMAGE_MESSAGE;
  return {
    id: operation.opId,
    operation,
    label: null,
    code: 'journal_damaged',
    message,
    problems: [],
    createdAt: nowIso,
    causedBy: null,
  };
}

/** Not sent when it came out of a backup: its author decides. `back` are the ids of all that came with it. */
export function createReturnedItem(operation: Operation, nowIso: string, back: ReadonlySet<string>): AttentionItem {
  return {
    ...createDamageItem(operation, nowIso),
    code: 'from_backup',
    message: 'This came back from a backup and was not sent.',
    causedBy: operation.dependsOn.find((id) => back.has(id)) ?? null,
  };
}

export interface Repair {
  /** Entries that replace those of the same number. */
  readonly voids: readonly Operation[];
  readonly items: readonly AttentionItem[];
}

function isAwaiting(entry: Entry | undefined): entry is Entry {
  return entry !== undefined && entry.verdict === null && entry.operation.kind !== 'void';
}

/** Decides what to do about numbers that are missing or unreadable. Pure: `createId` and `nowIso` come in. */
export function planRepair(rows: JournalRows, state: JournalState, createId: () => string, nowIso: string): Repair {
  const lost: number[] = [];
  const done = new Set(state.done);
  for (let opNo = state.firstOpNo; opNo < state.nextOpNo; opNo += 1)
    if (!rows.entries.has(opNo) && !done.has(opNo)) lost.push(opNo);
  if (lost.length === 0) return { voids: [], items: [] };
  const brokenTxns = new Set<string>();
  for (const opNo of lost) {
    for (const neighbour of [rows.entries.get(opNo - 1), rows.entries.get(opNo + 1)]) {
      if (isAwaiting(neighbour) && neighbour.operation.txn !== null) brokenTxns.add(neighbour.operation.txn);
    }
  }
  const brokenIds = new Set(rows.damaged.map((row) => row.place.split(':')[2] ?? ''));
  const voids = lost.map((opNo) => createVoid(opNo, createId(), nowIso));
  const items = voids.map((operation) => createDamageItem(operation, nowIso));
  const inOrder = [...rows.entries.values()].sort((a, b) => a.operation.opNo - b.operation.opNo);
  for (const entry of inOrder) {
    if (!isAwaiting(entry)) continue;
    const { operation } = entry;
    const isBroken =
      (operation.txn !== null && brokenTxns.has(operation.txn)) || operation.dependsOn.some((id) => brokenIds.has(id));
    if (!isBroken) continue;
    brokenIds.add(operation.opId);
    voids.push(createVoid(operation.opNo, createId(), nowIso));
    items.push(createDamageItem(operation, nowIso));
  }
  return { voids, items };
}
