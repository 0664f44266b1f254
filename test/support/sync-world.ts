// One organization on a real database with a few people, and devices that speak the sync protocol to it. A device here
// is the naive reading of the protocol: a map of records that pages are applied to.
import { randomUUID } from 'node:crypto';
import type { Actor, RoleName } from '#shared/access/actor.ts';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import type { PullResponse, PushResponse, Verdict } from '#shared/sync/messages.ts';
import { SCHEMA_VERSION, type Change, type Operation } from '#shared/sync/operation.ts';
import { readActor } from '#server/identity/load-actor.ts';
import type { SqlDatabase, SqlValue } from '#server/store/database.ts';
import { createTenant } from '#server/store/tenants.ts';
import { seedRecords } from '#server/sync/apply-records.ts';
import { pullPage } from '#server/sync/pull.ts';
import { pushOperations, type SyncDependencies } from '#server/sync/push.ts';

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
  /** Pulls until caught up; answers the pages. */
  pullAll(wantItems?: number): Promise<readonly PullResponse[]>;
  token: string | null;
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
  const deps: SyncDependencies = { db, clock: { now: () => clock.nowMs }, createId: () => randomUUID() };
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
    async pullAll(wantItems) {
      const pages: PullResponse[] = [];
      for (;;) {
        const page = await device.pull(wantItems);
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
  for (const item of page.items) {
    if (item.t === 'put') store.set(`${item.coll}/${String(item.record['id'])}`, item.record as AnyRecord);
    else store.delete(`${item.coll}/${item.id}`);
  }
}
