// What ties an entry of the audit to all before it: its hash is taken over its content and the hash of its predecessor, so
// that no entry can be changed, removed, inserted or moved without every later hash being another one. Ids stay for ever;
// what would name a person stands in `detail` and in `values` and is tied in by salted commitments alone, so that it can be
// erased with the person while the chain can still be verified.
import { hash as digest, randomBytes } from 'node:crypto';
import type { AuditedValues } from '#shared/audit/audited-values.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { toCanonicalJson } from '#shared/kernel/json.ts';

/** What happened, as it is written down. */
export interface AuditEntry {
  readonly atMs: number;
  /** Null: the operator of the server, at its command line, or the server itself. */
  readonly actor: string | null;
  readonly device: string | null;
  readonly session: string | null;
  /** Number of the change, null when nothing changed. */
  readonly seq: number | null;
  readonly opId: string | null;
  readonly command: string;
  /** What sort of thing it is: one of `auditEffects`. Empty in entries of older releases. */
  readonly effect: string;
  readonly entity: string;
  readonly id: string;
  readonly groups: readonly string[];
  /** `applied`, `merged`, `noop` …, or the code it was refused with. */
  readonly outcome: string;
  /** It concerns personal data, rights, ways in, or data that leaves. */
  readonly isSensitive: boolean;
  /** Somebody should look at it. */
  readonly needsReview: boolean;
  /** What may name a person, such as the address somebody signed in from. Erased with the person. */
  readonly detail: Readonly<Record<string, string>> | null;
  /** Before and after by field. Erased with the record. */
  readonly values: AuditedValues | null;
}

/** What of an entry is in its hash as it is. */
export type ChainedContent = Omit<AuditEntry, 'detail' | 'values'>;

/** Stay when what they commit to is erased. Null: there never was any. */
export interface Commitments {
  readonly detail: string | null;
  readonly values: string | null;
}

/** A text that can be erased, and what stays of it. */
export interface Sealed {
  readonly text: string;
  readonly salt: string;
  readonly commitment: string;
}

/** Where a chain stands: the number of its last entry and that entry's hash. Nobody can make another past with the same head. */
export interface AuditHead {
  readonly no: number;
  readonly hash: string;
}

export const EMPTY_CHAIN: AuditHead = { no: 0, hash: '' };

/** Ways of hashing. The number stands with the entry, the name in its hash. */
export const FORMATS = { 1: 'outpost-audit-1', 2: 'outpost-audit-2' } as const;
export type ChainFormat = keyof typeof FORMATS;
export const NEWEST_FORMAT: ChainFormat = 2;

const SALT_BYTES = 16;

function hashText(text: string): string {
  return digest('sha256', text, 'base64url');
}

/** A commitment that tells nothing about the text to whoever does not have both the text and the salt. */
export function commitTo(salt: string, text: string): string {
  return hashText(`${salt}\n${text}`);
}

/** True when this JSON is what was committed to, however it is written. */
export function isCommitted(salt: string, text: string, commitment: string | null): boolean {
  return commitTo(salt, text) === commitment || commitTo(salt, toCanonicalJson(JSON.parse(text))) === commitment;
}

/** Salts for so many texts. */
export function drawSalts(count: number): (index: number) => string {
  const bytes = randomBytes(SALT_BYTES * count);
  return (index) => bytes.toString('base64url', index * SALT_BYTES, (index + 1) * SALT_BYTES);
}

export function seal(value: object, salt: string): Sealed {
  const text = toCanonicalJson(value);
  return { text, salt, commitment: commitTo(salt, text) };
}

/** Hash of an entry that follows `previousHash`. The organization is part of it: an entry of one is none of another. */
export function hashEntry(
  tenantId: TenantId,
  no: number,
  previousHash: string,
  entry: ChainedContent,
  commitments: Commitments,
  format: ChainFormat = NEWEST_FORMAT,
): string {
  const { atMs, actor, device, session, seq, opId, command, entity, id, groups, outcome } = entry;
  const place = [FORMATS[format], tenantId, no, previousHash, atMs, actor, device];
  const what = [seq, opId, command, entity, id, groups, outcome];
  const flags = [entry.isSensitive, entry.needsReview];
  const content =
    format === 1
      ? [...place, ...what, commitments.detail]
      : [...place, session, entry.effect, ...what, ...flags, commitments.detail, commitments.values];
  return hashText(JSON.stringify(content));
}
