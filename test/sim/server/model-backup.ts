// A backup of the model store, and what becomes of an organization when it is put back: everything as it stood, in another
// life of the server, so that every device notices that time went back.
import type { ModelTenant } from '#test/sim/server/model-tenant.ts';

/** The books of every organization at one instant. Rows and entries never change, so that lists of them are enough. */
export type Backup = ReadonlyMap<string, ModelTenant>;

function copyOf(tenant: ModelTenant): ModelTenant {
  return {
    ...tenant,
    head: { ...tenant.head },
    records: new Map(tenant.records),
    ids: new Map([...tenant.ids].map(([coll, ids]) => [coll, [...ids]])),
    changes: [...tenant.changes],
    changesByKey: new Map([...tenant.changesByKey].map(([key, entries]) => [key, [...entries]])),
    results: new Map(tenant.results),
    senders: new Map(tenant.senders),
    epochs: new Map(tenant.epochs),
    reach: new Map(tenant.reach),
    reaches: new Map(tenant.reaches),
    tokens: new Set(tenant.tokens),
  };
}

export function takeBackup(tenants: ReadonlyMap<string, ModelTenant>): Backup {
  return new Map([...tenants].map(([id, tenant]) => [id, copyOf(tenant)]));
}

/** Maps and sets keep their identity: whoever holds an organization goes on with what was put back. */
function refill<Key, Value>(map: Map<Key, Value>, from: ReadonlyMap<Key, Value>): void {
  map.clear();
  for (const [key, value] of from) map.set(key, value);
}

/** As `restoreDatabase` of the product leaves it. `life`: how often this server was restored. */
export function putBack(tenant: ModelTenant, backup: Backup, life: number, nowMs: number): void {
  const kept = backup.get(tenant.id);
  if (kept === undefined) throw new Error(`The backup knows no ${tenant.id}.`);
  const copy = copyOf(kept);
  tenant.head = {
    ...copy.head,
    incarnation: `${tenant.id}-${String(life + 1)}`,
    lastTs: Math.max(copy.head.lastTs, nowMs),
  };
  tenant.changes = copy.changes;
  tenant.changesByKey = copy.changesByKey;
  for (const name of ['records', 'ids', 'results', 'senders', 'epochs', 'reach', 'reaches'] as const)
    refill<string, unknown>(tenant[name], copy[name]);
  tenant.tokens.clear();
  for (const token of copy.tokens) tenant.tokens.add(token);
  tenant.rightsVersion += 1;
}
