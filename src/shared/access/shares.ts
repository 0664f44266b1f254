// With whom a record is shared, beside those its owner, team and territory reach. A share is an entry in the record's own
// `shares` field: it is decided, merged, sent and shown like any other value, so that every side finds out from the record
// alone who may see it and who may change it, also without a network.
import type { AnyRecord, EntityDefinition } from '#shared/entities/define-entity.ts';
import { compareText } from '#shared/query/evaluate-filter.ts';

export const shareModes = ['view', 'edit'] as const;
export type ShareMode = (typeof shareModes)[number];
export const granteeKinds = ['user', 'team', 'role'] as const;
export type GranteeKind = (typeof granteeKinds)[number];

export interface Grantee {
  readonly kind: GranteeKind;
  /** Id of the user or team, or the name of the role. */
  readonly id: string;
}

export interface Share extends Grantee {
  readonly mode: ShareMode;
}

/** True for entities whose records can be shared and put into territories. */
export function isShareable(definition: EntityDefinition): boolean {
  return Object.hasOwn(definition.fields, 'shares');
}

/** A share as it stands in a record: `edit:team:<id>`. */
export function toShareEntry(share: Share): string {
  return `${share.mode}:${share.kind}:${share.id}`;
}

/** Null for anything that is no share. */
export function parseShareEntry(entry: unknown): Share | null {
  if (typeof entry !== 'string') return null;
  const [modeText, kindText, ...rest] = entry.split(':');
  const mode = shareModes.find((known) => known === modeText);
  const kind = granteeKinds.find((known) => known === kindText);
  const id = rest.join(':');
  return mode === undefined || kind === undefined || id === '' ? null : { mode, kind, id };
}

/** Shares of a record. Where two entries name the same grantee, the one that allows more comes first. */
export function sharesOf(record: AnyRecord): readonly Share[] {
  const entries: readonly unknown[] = Array.isArray(record['shares']) ? record['shares'] : [];
  return entries
    .map((entry) => parseShareEntry(entry))
    .filter((share) => share !== null)
    .toSorted((a, b) => shareModes.indexOf(b.mode) - shareModes.indexOf(a.mode));
}

const shortKinds: Readonly<Record<GranteeKind, string>> = { user: 'u', team: 't', role: 'r' };

/** Key of a record that a grantee may see. */
export function viewShareKey(grantee: Grantee): string {
  return `s:${shortKinds[grantee.kind]}:${grantee.id}`;
}

/** Key of a record that a grantee may also change. */
export function editShareKey(grantee: Grantee): string {
  return `e:${shortKinds[grantee.kind]}:${grantee.id}`;
}

/** Whoever may change may see: an editing share gives both keys. */
export function shareKeysOf(record: AnyRecord): readonly string[] {
  return sharesOf(record).flatMap((share) =>
    share.mode === 'edit' ? [viewShareKey(share), editShareKey(share)] : [viewShareKey(share)],
  );
}

/** Keys for changing decide nothing about reading, so no feed of changes has to know them. */
export function isEditKey(key: string): boolean {
  return key.startsWith('e:');
}

/** Entries of a record's `shares` after sharing it; sorted, as a merge leaves them. */
export function entriesWithShare(record: AnyRecord, share: Share): readonly string[] {
  return [...entriesWithoutShare(record, share), toShareEntry(share)].toSorted(compareText);
}

/** Entries of a record's `shares` after it is no longer shared with somebody. */
export function entriesWithoutShare(record: AnyRecord, grantee: Grantee): readonly string[] {
  return sharesOf(record)
    .filter((share) => share.kind !== grantee.kind || share.id !== grantee.id)
    .map((share) => toShareEntry(share))
    .toSorted(compareText);
}
