// What the journal may still say about a record its user cannot see any more: what the user typed, field by field, and
// nothing of what was on the screen. Operations keep their numbers and are sent; the log of answered ones loses the record.
import type { AttentionItem } from '#shared/ipc/sync-status.ts';
import type { Verdict, Why } from '#shared/sync/messages.ts';
import type { Change, Operation } from '#shared/sync/operation.ts';

export interface RecordPlace {
  readonly entity: string;
  readonly recordId: string;
}

export function placeOf({ entity, recordId }: RecordPlace): string {
  return `${entity} ${recordId}`;
}

/** Takes values out of the base of a change; the same object when there was none of them. */
function scrub(change: Change, isLost: (field: string) => boolean): Change {
  const kept = Object.entries(change.base).filter(([field]) => !isLost(field));
  if (kept.length === Object.keys(change.base).length) return change;
  return { ...change, base: Object.fromEntries(kept) };
}

/** The operation without what was on the screen of these fields; the same object when nothing of it stood there. */
export function withoutBase(operation: Operation, isLost: (field: string) => boolean = () => true): Operation {
  const changes = operation.changes.map((change) => scrub(change, isLost));
  if (changes.every((change, index) => change === operation.changes[index])) return operation;
  return { ...operation, changes, withoutBase: true };
}

export function withoutTitle({ title: _title, ...facts }: Why): Why {
  return facts;
}

function withoutName(verdict: Verdict): Verdict {
  if (verdict.status !== 'rejected' || verdict.why?.title === undefined) return verdict;
  return { ...verdict, why: withoutTitle(verdict.why) };
}

export function withoutRecord(verdict: Verdict): Verdict {
  const nameless = withoutName(verdict);
  return nameless.record === null ? nameless : { ...nameless, record: null };
}

/** The record of a verdict without fields that were lost. */
export function withoutFields(given: Verdict, isLost: (field: string) => boolean): Verdict {
  // Which field it was named by is not worth knowing.
  const verdict = withoutName(given);
  if (verdict.record === null || !Object.keys(verdict.record).some(isLost)) return verdict;
  const kept = Object.entries(verdict.record).filter(([field]) => !isLost(field));
  return { ...verdict, record: Object.fromEntries(kept) };
}

/** The item with what was typed, and without the name of the record. */
export function withoutLabel(item: AttentionItem): AttentionItem {
  const operation = withoutBase(item.operation);
  return operation === item.operation && item.label === null ? item : { ...item, operation, label: null };
}
