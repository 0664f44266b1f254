// One organization on a real database with a few people, and devices that speak the sync protocol to it. A device here
// is the naive reading of the protocol: a map of records that pages are applied to.
import { randomUUID } from 'node:crypto';
import type { Actor, RoleName } from '#shared/access/actor.ts';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type {
  BodiesResponse,
  ManifestResponse,
  PullItem,
  PullResponse,
  PushResponse,
  ScopeDrop,
  Verdict,
} from '#shared/sync/messages.ts';
import { isDropped, withoutLostFields } from '#shared/sync/scope-drop.ts';
import { SCHEMA_VERSION, type Change, type Operation } from '#shared/sync/operation.ts';
import { readActor } from '#server/identity/load-actor.ts';
import type { SqlDatabase, SqlValue } from '#server/store/database.ts';
import { createTenant } from '#server/store/tenants.ts';
import { seedRecords } from '#server/sync/apply-records.ts';
import { bodiesJson } from '#server/sync/bodies.ts';
import { manifestPage } from '#server/sync/manifest.ts';
import { pullPage } from '#server/sync/pull.ts';
import { pushOperations, type SyncDependencies } from '#server/sync/push.ts';
import { createSqlSyncStore } from '#server/sync/sql/sql-sync-store.ts';
import { compareManifest } from '#test/support/compare-manifest.ts';

export const STARTED_AT_MS = Date.parse('2026-03-02T08:00:00.000Z');

export interface OperationWish {
  readonly kind?: Operation['kind'];
  readonly entity?: string;
  readonly recordId: string;
  readonly changes?: readonly Change[];
  readonly baseRev?: number;
  readonly txn?: string;
  readonly dependsOn?: readonly string[];
  readonly opId?: string;
  readonly opNo?: number;
  readonly schema?: number;
}

export interface TestDevice {
  readonly id: string;
  readonly userId: string;
  /** The device's view after the pages it pulled. */
  readonly store: Map<string, AnyRecord>;
  /** Builds the next operation of this device. */
  operation(wish: OperationWish): Operation;
  push(operations: readonly Operation[]): Promise<PushResponse>;
  /** Builds and pushes one operation. */
  send(wish: OperationWish): Promise<Verdict>;
  pull(wantItems?: number): Promise<PullResponse>;
  /** Pulls until caught up, with whatever it takes when the position is refused; answers the pages. */
  pullAll(wantItems?: number): Promise<readonly PullResponse[]>;
  /** Compares with the manifest and mends what differs. The position is then that of the manifest. */
  reconcile(wantItems?: number): Promise<Reconciliation>;
  token: string | null;
}

export interface Reconciliation {
  /** Places whose bodies were asked for. */
  readonly asked: readonly string[];
  /** Places that were held and are not named any more. */
  readonly removed: readonly string[];
  readonly pages: number;
}

export interface SyncWorld {
  readonly tenantId: TenantId;
  readonly deps: SyncDependencies;
  readonly clock: { nowMs: number };
  actorOf(userId: string): Promise<Actor>;
  device(userId: string, deviceId?: string): TestDevice;
  /** Rows of this tenant. */
  rows<Row extends object>(sql: string, params?: readonly SqlValue[]): Promise<readonly Row[]>;
  headSeq(): Promise<number>;
}

export const people: readonly { readonly id: string; readonly role: RoleName; readonly teamId: string | null }[] = [
  { id: 'admin', role: 'org_admin', teamId: null },
  { id: 'second-admin', role: 'org_admin', teamId: null },
  { id: 'manager', role: 'manager', teamId: 'north' },
  { id: 'rep', role: 'sales_rep', teamId: 'north' },
  { id: 'colleague', role: 'sales_rep', teamId: 'north' },
  { id: 'stranger', role: 'sales_rep', teamId: 'south' },
  { id: 'viewer', role: 'viewer', teamId: null },
];

export function seededRecord(kind: EntityName, id: string, values: Readonly<Record<string, unknown>>): AnyRecord {
  const at = new Date(STARTED_AT_MS).toISOString();
  const stamps = { createdAt: at, createdBy: null, updatedAt: at, updatedBy: null };
  return { id, kind, rev: 0, ownerId: null, teamId: null, ...stamps, ...values };
}

export function change(group: string, base: unknown, to: unknown): Change {
  return { group, base: { [group]: base }, to: { [group]: to } };
}

/** Changes that create a record with these values. */
export function changesFor(entity: EntityName, values: Readonly<Record<string, unknown>>): readonly Change[] {
  const groups = new Map<string, Record<string, unknown>>();
  for (const [field, value] of Object.entries(values)) {
    const group = entities[entity].fields[field]?.group ?? field;
    groups.set(group, { ...groups.get(group), [field]: value });
  }
  return [...groups].map(([group, to]) => ({ group, base: {}, to }));
}

export async function createSyncWorld(db: SqlDatabase): Promise<SyncWorld> {
  const tenantId = `tenant-${randomUUID()}` as TenantId;
  const clock = { nowMs: STARTED_AT_MS };
  const store = createSqlSyncStore(db);
  const deps: SyncDependencies = { store, clock: { now: () => clock.nowMs }, createId: () => randomUUID() };
  await createTenant(db, tenantId, 'Test company', clock.nowMs);
  await seedRecords(
    db,
    tenantId,
    [
      seededRecord('team', 'north', { name: 'North', leadId: 'manager' }),
      seededRecord('team', 'south', { name: 'South' }),
      ...people.map(({ id, role, teamId }) =>
        seededRecord('user', id, { name: id, email: `${id}@example.com`, role, teamId, isActive: true }),
      ),
    ],
    deps.clock,
  );

  async function actorOf(userId: string): Promise<Actor> {
    const loaded = await db.inTenant(tenantId, (session) => readActor(session, tenantId, userId as UserId));
    if (loaded === null) throw new Error(`There is no active user ${userId}.`);
    return loaded.actor;
  }

  return {
    tenantId,
    deps,
    clock,
    actorOf,
    device: (userId, deviceId = randomUUID()) => createDevice(deps, actorOf, userId, deviceId),
    rows: (sql, params) => db.inTenant(tenantId, (session) => session.query(sql, params)),
    async headSeq() {
      const rows = await db.inTenant(tenantId, (session) =>
        session.query<{ seq: number }>('SELECT seq FROM tenant_head WHERE tenant = $1', [tenantId]),
      );
      return rows[0]?.seq ?? -1;
    },
  };
}

function createDevice(
  deps: SyncDependencies,
  actorOf: (userId: string) => Promise<Actor>,
  userId: string,
  id: string,
): TestDevice {
  let lastOpNo = 0;
  const store = new Map<string, AnyRecord>();
  const device: TestDevice = {
    id,
    userId,
    store,
    token: null,
    operation(wish) {
      lastOpNo = wish.opNo ?? lastOpNo + 1;
      return {
        opId: wish.opId ?? randomUUID(),
        opNo: lastOpNo,
        txn: wish.txn ?? null,
        kind: wish.kind ?? 'patch',
        entity: wish.entity ?? 'account',
        recordId: wish.recordId,
        command: 'updateRecord',
        baseRev: wish.baseRev ?? 0,
        changes: [...(wish.changes ?? [])],
        dependsOn: [...(wish.dependsOn ?? [])],
        captured: { wall: '2001-01-01T00:00:00.000Z', sinceBootMs: 1 },
        schema: wish.schema ?? SCHEMA_VERSION,
      };
    },
    async push(operations) {
      const actor = await actorOf(userId);
      return pushOperations(deps, actor, id, { protocol: 1, epoch: actor.epoch, ops: [...operations] });
    },
    async send(wish) {
      const response = await device.push([device.operation(wish)]);
      const verdict = response.verdicts[0];
      if (verdict === undefined) throw new Error('The server gave no verdict.');
      return verdict;
    },
    async pull(wantItems) {
      const request = { protocol: 1, token: device.token, ...(wantItems === undefined ? {} : { wantItems }) };
      const page = await pullPage(deps, await actorOf(userId), id, request);
      applyPage(store, page);
      device.token = page.token;
      return page;
    },
    async reconcile(wantItems) {
      const actor = await actorOf(userId);
      const [asked, removed] = [new Set<string>(), new Set<string>()];
      let cursor: string | null = null;
      let pages = 0;
      do {
        const request = { protocol: 1, cursor, ...(wantItems === undefined ? {} : { wantItems }) };
        const page: ManifestResponse = await manifestPage(deps, actor, id, request);
        for (const { coll, wanted, surplus } of compareManifest(page, (name) => collectionOf(store, name))) {
          for (const recordId of surplus) {
            removed.add(`${coll}/${recordId}`);
            store.delete(`${coll}/${recordId}`);
          }
          for (const recordId of wanted) asked.add(`${coll}/${recordId}`);
          const body = { protocol: 1, epoch: page.epoch, places: [{ coll, ids: [...wanted] }] };
          const { items } = JSON.parse(await bodiesJson(deps, actor, body)) as BodiesResponse;
          applyItems(store, items);
        }
        cursor = page.cursor;
        device.token = page.token ?? device.token;
        pages += 1;
      } while (cursor !== null);
      return { asked: [...asked], removed: [...removed], pages };
    },
    async pullAll(wantItems) {
      const pages: PullResponse[] = [];
      for (;;) {
        const page = await device.pull(wantItems).catch(async (error: unknown) => {
          if (!(error instanceof OutpostError) || error.reaction !== 'resync' || store.size === 0) throw error;
          purge(store, error);
          await device.reconcile(wantItems);
          return device.pull(wantItems);
        });
        pages.push(page);
        if (page.caughtUp) return pages;
        if (pages.length > 2000) throw new Error('The device never catches up.');
      }
    },
  };
  return device;
}

function applyPage(store: Map<string, AnyRecord>, page: PullResponse): void {
  if (page.snapshotStart === true) store.clear();
  applyItems(store, page.items);
}

function applyItems(store: Map<string, AnyRecord>, items: readonly PullItem[]): void {
  for (const item of items) {
    if (item.t === 'put') store.set(`${item.coll}/${String(item.record['id'])}`, item.record as AnyRecord);
    else store.delete(`${item.coll}/${item.id}`);
  }
}

function collectionOf(store: ReadonlyMap<string, AnyRecord>, coll: string): ReadonlyMap<string, AnyRecord> {
  const entries = [...store].filter(([key]) => key.startsWith(`${coll}/`));
  return new Map(entries.map(([, record]) => [record.id, record]));
}

/** What a refusal with a list of losses takes from a device at once; answers the places. */
export function purge(store: Map<string, AnyRecord>, refusal: OutpostError): readonly string[] {
  const { dropScopes, dropFields } = refusal.details;
  if (dropScopes === undefined || dropFields === undefined) return [];
  const drop = { scopes: dropScopes, fields: dropFields } as ScopeDrop;
  const gone = [...store].filter(([, record]) => isDropped(drop, record)).map(([key]) => key);
  for (const key of gone) store.delete(key);
  for (const [key, record] of store) store.set(key, withoutLostFields(drop, record.kind, record));
  return gone;
}
