// What ties an entry of the audit to all before it: its hash is taken over its content and the hash of its predecessor, so
// that no entry can be changed, removed, inserted or moved without every later hash being another one. Ids stay for ever;
// what would name a person stands in `detail` and is tied in by a salted commitment alone, so that it can be erased with the
// person while the chain can still be verified.
import { createHash, randomBytes } from 'node:crypto';
import type { TenantId } from '#shared/kernel/ids.ts';
import { toCanonicalJson } from '#shared/kernel/json.ts';

/** What happened, as it is written down. */
export interface AuditEntry {
  readonly atMs: number;
  /** Null: the operator of the server, at its command line. */
  readonly actor: string | null;
  readonly device: string | null;
  /** Number of the change, null when nothing changed. */
  readonly seq: number | null;
  readonly opId: string | null;
  readonly command: string;
  readonly entity: string;
  readonly id: string;
  readonly groups: readonly string[];
  /** `applied`, `merged`, `noop` …, or the code it was refused with. */
  readonly outcome: string;
  /** What may name a person, such as the address somebody signed in from. Erased with the person. */
  readonly detail: Readonly<Record<string, string>> | null;
}

export interface SealedDetail {
  readonly detail: Readonly<Record<string, string>> | null;
  readonly salt: string | null;
  /** Stays when the other two are erased. Null: there never was a detail. */
  readonly commitment: string | null;
}

/** Where a chain stands: the number of its last entry and that entry's hash. Nobody can make another past with the same head. */
export interface AuditHead {
  readonly no: number;
  readonly hash: string;
}

export const EMPTY_CHAIN: AuditHead = { no: 0, hash: '' };

/** Stands in every hash, so that another way of hashing can follow one day. */
const FORMAT = 'outpost-audit-1';
const SALT_BYTES = 16;

function hashText(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** A commitment that tells nothing about the detail to whoever does not have both the detail and the salt. */
export function commitToDetail(salt: string, detail: Readonly<Record<string, string>>): string {
  return hashText(`${salt}\n${toCanonicalJson(detail)}`);
}

export function sealDetail(detail: AuditEntry['detail']): SealedDetail {
  if (detail === null) return { detail: null, salt: null, commitment: null };
  const salt = randomBytes(SALT_BYTES).toString('base64url');
  return { detail, salt, commitment: commitToDetail(salt, detail) };
}

/** Hash of an entry that follows `previousHash`. The organization is part of it: an entry of one is none of another. */
export function hashEntry(
  tenantId: TenantId,
  no: number,
  previousHash: string,
  entry: Omit<AuditEntry, 'detail'>,
  commitment: string | null,
): string {
  const { atMs, actor, device, seq, opId, command, entity, id, groups, outcome } = entry;
  const content = [atMs, actor, device, seq, opId, command, entity, id, groups, outcome, commitment];
  return hashText(JSON.stringify([FORMAT, tenantId, no, previousHash, ...content]));
}
