// Whether a page of entries is what was written: each entry unchanged, each following its predecessor. Pure, so that pages
// can be checked beside each other; whoever has them all compares their ends.
import type { AuditFinding } from '#shared/sync/audit-messages.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { hashEntry, isCommitted, type AuditHead } from '#server/audit/audit-chain.ts';
import { commitmentsOf, contentOf, type PageRow } from '#server/audit/audit-rows.ts';

export const RESTORE_COMMAND = 'restore';
export const PURGE_COMMAND = 'audit.purge';

/** Entries the operator or the server wrote that say something about the chain itself. */
export interface ChainNote {
  readonly no: number;
  readonly atMs: number;
  readonly command: string;
  readonly id: string;
}

export interface PageReport {
  /** What the first entry follows, as it says itself. */
  readonly begin: AuditHead;
  /** The last entry that is as it was written. */
  readonly end: AuditHead;
  readonly fault: AuditFinding | null;
  readonly notes: readonly ChainNote[];
  /** Hashes of the entries that were asked for. */
  readonly hashes: readonly AuditHead[];
}

export interface PageToCheck {
  readonly tenantId: TenantId;
  readonly text: string;
  /** Numbers whose hashes are wanted. */
  readonly wanted: readonly number[];
}

/** Entries of older releases say nothing that is not in their hashes. */
function saysMore(row: PageRow): boolean {
  const { session, effect, isSensitive, needsReview } = contentOf(row);
  return row[2] === 1 && (session !== null || effect !== '' || isSensitive || needsReview || row[16] !== null);
}

function isWhole(row: PageRow): boolean {
  if (saysMore(row)) return false;
  const [, , , , , , , , , , , , , , , detailHash, valuesHash, , , detail, detailSalt, values, valuesSalt] = row;
  // What was erased is gone with its salt; everything else must be what was committed to.
  return isPartWhole(detail, detailSalt, detailHash) && isPartWhole(values, valuesSalt, valuesHash);
}

function isPartWhole(text: string | null, salt: string | null, commitment: string | null): boolean {
  if (text === null && salt === null) return true;
  return text !== null && salt !== null && isCommitted(salt, text, commitment);
}

/** What is wrong with an entry that should follow `before`; null when nothing is. */
function findFault(tenantId: TenantId, before: AuditHead, row: PageRow): AuditFinding | null {
  const no = row[0];
  const prevHash = row[17];
  if (no !== before.no + 1) return { kind: 'missing', no: before.no + 1 };
  if (hashEntry(tenantId, no, prevHash, contentOf(row), commitmentsOf(row), row[2]) !== row[18])
    return { kind: 'altered', no };
  if (prevHash !== before.hash) return { kind: 'unconnected', no };
  return isWhole(row) ? null : { kind: 'altered', no };
}

/** Only the operator and the server write these; whatever people send has an actor. */
function isNote(row: PageRow): boolean {
  return row[3] === null && (row[8] === RESTORE_COMMAND || row[8] === PURGE_COMMAND);
}

export function checkPage({ tenantId, text, wanted }: PageToCheck): PageReport {
  const rows = JSON.parse(text) as readonly PageRow[];
  const first = rows[0];
  const begin: AuditHead = first === undefined ? { no: 0, hash: '' } : { no: first[0] - 1, hash: first[17] };
  const asked = new Set(wanted);
  const notes: ChainNote[] = [];
  const hashes: AuditHead[] = [];
  let end = begin;
  for (const row of rows) {
    const fault = findFault(tenantId, end, row);
    if (fault !== null) return { begin, end, fault, notes, hashes };
    end = { no: row[0], hash: row[18] };
    if (asked.has(row[0])) hashes.push(end);
    if (isNote(row)) notes.push({ no: row[0], atMs: row[1], command: row[8], id: row[10] });
  }
  return { begin, end, fault: null, notes, hashes };
}
