// What the model store holds of one organization: plain maps and lists, so that a state is a text and a text is a hash.
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { toCanonicalJson } from '#shared/kernel/json.ts';
import type { KnownResult } from '#server/sync/op-results.ts';
import type { TerritoryReach } from '#shared/access/territory-reach.ts';
import type { ChangeRow, DeviceOwner, RecordRow } from '#server/sync/sync-store.ts';

export interface ModelRow extends RecordRow {
  /** The record as it goes over the wire. */
  readonly text: string;
}

export interface ModelResult extends KnownResult {
  readonly opId: string;
  readonly opNo: number;
  readonly device: string;
  readonly seq: number | null;
}

export interface ModelTenant {
  readonly id: string;
  readonly name: string;
  head: { incarnation: string; seq: number; minSeq: number; lastTs: number };
  /** By place. */
  readonly records: Map<string, ModelRow>;
  /** Ids of every collection in key order. */
  readonly ids: Map<string, string[]>;
  /** The log in order; entries at or below `minSeq` are gone. */
  changes: ChangeRow[];
  /** Entries of the log by scope key, in order. */
  changesByKey: Map<string, ChangeRow[]>;
  /** By device and operation. */
  readonly results: Map<string, ModelResult>;
  /** Last number by device and user. */
  readonly senders: Map<string, number>;
  readonly epochs: Map<string, number>;
  /** Territories a user reaches. */
  readonly reach: Map<string, TerritoryReach>;
  /** What was in reach, by user and epoch. */
  readonly reaches: Map<string, unknown>;
  /** Fingerprints of masked values that have a token. */
  readonly tokens: Set<string>;
  /** Grows with every row that rights are made of. */
  rightsVersion: number;
}

export function createModelTenant(id: string, name: string, nowMs: number): ModelTenant {
  return {
    id,
    name,
    head: { incarnation: `${id}-1`, seq: 0, minSeq: 0, lastTs: nowMs },
    records: new Map(),
    ids: new Map(),
    changes: [],
    changesByKey: new Map(),
    results: new Map(),
    senders: new Map(),
    epochs: new Map(),
    reach: new Map(),
    reaches: new Map(),
    tokens: new Set(),
    rightsVersion: 0,
  };
}

export const resultKey = (deviceId: string, opId: string): string => `${deviceId} ${opId}`;
export const deviceKey = ({ deviceId, userId }: DeviceOwner): string => `${deviceId} ${userId}`;

/** First index whose item is not before. */
export function lowerBound<Item>(items: readonly Item[], isBefore: (item: Item) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(items[middle] as Item)) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function putRow(tenant: ModelTenant, row: RecordRow): void {
  const key = `${row.coll}/${row.id}`;
  if (row.coll === 'people' || row.coll === 'catalog') tenant.rightsVersion += 1;
  if (!tenant.records.has(key)) {
    let ids = tenant.ids.get(row.coll);
    if (ids === undefined) tenant.ids.set(row.coll, (ids = []));
    ids.splice(
      lowerBound(ids, (id) => id < row.id),
      0,
      row.id,
    );
  }
  tenant.records.set(key, { ...row, text: JSON.stringify(row.record) });
}

export function peopleOf(tenant: ModelTenant, kind: 'user' | 'team'): readonly AnyRecord[] {
  const found: AnyRecord[] = [];
  for (const id of tenant.ids.get('people') ?? []) {
    const row = tenant.records.get(`people/${id}`);
    if (row !== undefined && row.kind === kind && !row.isDeleted) found.push(row.record);
  }
  return found;
}

/** The whole state as one text, the same for the same history. */
export function describeTenant(tenant: ModelTenant): string {
  const sorted = <Value>(map: ReadonlyMap<string, Value>): readonly (readonly [string, Value])[] =>
    [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  return toCanonicalJson({
    id: tenant.id,
    head: tenant.head,
    records: sorted(tenant.records).map(([key, { text, scopeKeys, isDeleted }]) => [key, text, scopeKeys, isDeleted]),
    changes: tenant.changes.map(({ seq, n, coll, id, action, opId }) => [seq, n, coll, id, action, opId]),
    results: sorted(tenant.results).map(([key, { verdict }]) => [key, verdict]),
    senders: sorted(tenant.senders),
    epochs: sorted(tenant.epochs),
  });
}
