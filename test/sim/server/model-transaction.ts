// One transaction of the model store: what each call of the port reads, locks and writes.
import { boundlessRoom } from '#server/platform/plan-room.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Operation } from '#shared/sync/operation.ts';
import type { Reach } from '#shared/sync/scope-drop.ts';
import { SqlError } from '#server/store/sql-error.ts';
import type { KnownResult } from '#server/sync/op-results.ts';
import type { StoredRecord } from '#server/sync/stored-record.ts';
import type { SyncTransaction } from '#server/sync/sync-store.ts';
import type { UserEmails } from '#server/sync/user-emails.ts';
import type { Locks } from '#test/sim/server/locks.ts';
import { toMaskRule } from '#shared/entities/field-rule/pii-rule.ts';
import { readModelActor } from '#test/sim/server/model-actor.ts';
import * as reads from '#test/sim/server/model-reads.ts';
import type { CallName, CallPort, Pending, Quirks } from '#test/sim/server/model-store.ts';
import { deviceKey, peopleOf, resultKey, type ModelRow, type ModelTenant } from '#test/sim/server/model-tenant.ts';

interface TransactionParts {
  readonly tenant: ModelTenant;
  readonly id: number;
  readonly locks: Locks;
  /** Null: all calls belong to one instant. */
  readonly port: CallPort | null;
  readonly quirks: Quirks;
  readonly pending: Pending;
}

/** One of its own for everybody: whoever waits for a shared one is kept in memory with it, world after world. */
const never = (): Promise<never> => new Promise(() => undefined);

function lostRace(constraint: string): SqlError {
  return new SqlError({ message: 'duplicate key', code: '23505', detail: '', constraint });
}

export function toStored({ record, scopeKeys, fieldRev, isDeleted, deletedAtMs }: ModelRow): StoredRecord {
  return { record, scopeKeys, fieldRev, isDeleted, deletedAtMs };
}

export function createModelTransaction({
  tenant,
  id,
  locks,
  port,
  quirks,
  pending,
}: TransactionParts): SyncTransaction {
  let last: Promise<unknown> = Promise.resolve();

  /** After the call before it, as on one connection. */
  function call<Value>(name: CallName, work: () => Value | Promise<Value>): Promise<Value> {
    const result = last.then(async () => {
      const waiting = port?.before(name) ?? null;
      if (waiting !== null) await waiting;
      return pending.isOver ? never() : work();
    });
    last = result;
    // Told to whoever waits for it.
    result.catch(() => undefined);
    return result;
  }

  async function lock(names: readonly string[], isExclusive: boolean): Promise<void> {
    for (const name of names) {
      const waiting = locks.acquire(id, `${tenant.id} ${name}`, isExclusive);
      if (waiting !== null) await waiting;
    }
  }

  async function lockRows(keys: readonly string[]): Promise<ReadonlyMap<string, StoredRecord>> {
    if (quirks.rowsAreNotLocked !== true)
      await lock(
        [...keys].sort().map((key) => `row ${key}`),
        true,
      );
    return storedAt(keys);
  }

  function storedAt(keys: readonly string[]): ReadonlyMap<string, StoredRecord> {
    const rows = [...keys].sort().flatMap((key) => {
      const row = tenant.records.get(key);
      return row === undefined ? [] : [[key, toStored(row)] as const];
    });
    return new Map(rows);
  }

  function emailsOf(operations: readonly Operation[]): UserEmails {
    const isAsked = operations.some((operation) => operation.entity === 'user');
    const holders = isAsked ? peopleOf(tenant, 'user') : [];
    const fold = (email: unknown): string => (typeof email === 'string' ? email.trim().toLowerCase() : '');
    return {
      isTaken: (email, userId) => holders.some((user) => user.id !== userId && fold(user['email']) === fold(email)),
    };
  }

  return {
    tenantId: tenant.id as TenantId,
    readHead: () => call('readHead', () => ({ ...tenant.head })),
    readEpochs: (userIds, isLocked) =>
      call('readEpochs', async () => {
        const sorted = [...new Set(userIds)].sort();
        if (isLocked)
          await lock(
            sorted.map((userId) => `epoch ${userId}`),
            false,
          );
        const known = sorted.flatMap((userId) => {
          const epoch = epochOf(tenant, pending, userId);
          return epoch === undefined ? [] : [[userId, epoch] as const];
        });
        return new Map(known);
      }),
    readActor: (userId) => call('readActor', () => readModelActor(tenant, userId)),
    readReach: (userId, epoch) =>
      call('readReach', () => (tenant.reaches.get(`${userId} ${String(epoch)}`) as Reach | undefined) ?? null),
    writeReach: (userId, epoch, reach) =>
      call('writeReach', () => {
        const key = `${userId} ${String(epoch)}`;
        if (!tenant.reaches.has(key)) pending.reaches.set(key, reach);
      }),
    lockDevices: (owners) =>
      call('lockDevices', async () => {
        const keys = owners.map(deviceKey).sort();
        await lock(
          keys.map((key) => `device ${key}`),
          true,
        );
        return new Map(owners.map((owner) => [owner.deviceId, tenant.senders.get(deviceKey(owner)) ?? 0]));
      }),
    readLastOpNo: (owner) => call('readLastOpNo', () => tenant.senders.get(deviceKey(owner)) ?? 0),
    readKnownResults: (pushes) =>
      call('readKnownResults', () => {
        const found = new Map<string, Map<string, KnownResult>>();
        for (const { deviceId, operations } of pushes) {
          const ids = new Set(operations.flatMap((operation) => [operation.opId, ...operation.dependsOn]));
          const known = [...ids].flatMap((opId) => {
            const result = tenant.results.get(resultKey(deviceId, opId));
            return result === undefined ? [] : [[opId, result] as const];
          });
          if (known.length > 0) found.set(deviceId, new Map(known));
        }
        return found;
      }),
    readRecords: (places, forUpdate) =>
      call('readRecords', () => {
        const keys = [...new Set(places.map((place) => `${place.coll}/${place.id}`))];
        return forUpdate ? lockRows(keys.filter((key) => tenant.records.has(key))) : storedAt(keys);
      }),
    readChildren: (parentIds, limit, which) =>
      call('readChildren', () => lockRows(reads.findChildren(tenant, parentIds, limit, which))),
    lockTrees: () => call('lockTrees', () => lock(['trees'], true)),
    readTerritories: () =>
      call('readTerritories', () => {
        const rows = [...tenant.records.values()].filter((row) => row.kind === 'territory' && !row.isDeleted);
        return new Map(rows.map((row) => [row.id, toStored(row)]));
      }),
    readPeoplePlaces: (kind) =>
      call('readPeoplePlaces', () => peopleOf(tenant, kind).map((team) => ({ coll: 'people', id: team.id }) as const)),
    readDeviceRevs: (places) => call('readDeviceRevs', () => reads.readDeviceRevs(tenant, places)),
    readUserEmails: (operations) => call('readUserEmails', () => emailsOf(operations)),
    // Nobody is erased in a simulated world.
    readRequiredFields: () => call('readRequiredFields', () => []),
    readErased: () => call('readErased', () => ({ ids: new Set<string>(), emails: new Set<string>() })),
    readPlanRoom: () => call('readPlanRoom', () => boundlessRoom),
    readFileRoom: () =>
      call('readFileRoom', () => ({ limitBytes: Number.MAX_SAFE_INTEGER, leftBytes: Number.MAX_SAFE_INTEGER })),
    readRoleHolders: (operations) =>
      call('readRoleHolders', () => {
        const isNeeded = operations.some(({ entity, kind }) => entity === 'role' && kind === 'delete');
        return new Map(isNeeded ? peopleOf(tenant, 'user').map((user) => [user.id, String(user['role'])]) : []);
      }),
    readRoles: () =>
      call('readRoles', () => {
        const users = [...tenant.records.values()].filter((row) => row.kind === 'user');
        return new Map(users.map((row) => [row.id, String(row.record['role'])]));
      }),
    readMaskRules: () =>
      call('readMaskRules', () => {
        const rules = [...tenant.records.values()].filter((row) => row.kind === 'piiRule' && !row.isDeleted);
        return new Map(
          rules.map(({ record }) => [`${String(record['entity'])}.${String(record['field'])}`, toMaskRule(record)]),
        );
      }),
    readMaskTokens: (names) =>
      call('readMaskTokens', () => {
        const known = names.flatMap((name) => {
          const isThere = tenant.tokens.has(name) || pending.tokens.has(name);
          return isThere ? [[name, `tok_${name.slice(0, 12)}`] as const] : [];
        });
        return new Map(known);
      }),
    makeMaskTokens: (names) =>
      call('makeMaskTokens', () => {
        for (const name of names) pending.tokens.add(name);
      }),
    readStamps: (seqs) =>
      call('readStamps', () => {
        const wanted = new Set(seqs);
        return [...tenant.changes, ...(pending.commit?.changes ?? [])].filter(({ seq }) => wanted.has(seq));
      }),
    readTerritoryReach: () => call('readTerritoryReach', () => new Map(tenant.reach)),
    bumpEpochs: (bumps, reach) =>
      call('bumpEpochs', async () => {
        const named = bumps.users.map((user) => user.userId);
        const all = bumps.everyone ? [...tenant.epochs.keys()] : bumps.others;
        await lock(
          [...new Set([...named, ...all])].sort().map((userId) => `epoch ${userId}`),
          true,
        );
        pending.bumps.push({ bumps, reach });
      }),
    drawNumbers: (count, nowMs) =>
      call('drawNumbers', async () => {
        const isLocked = quirks.headIsNotLocked !== true;
        if (isLocked) await lock(['head'], true);
        const head = pending.drawn ?? tenant.head;
        const drawn = { seq: head.seq + count, lastTs: Math.max(head.lastTs + 1, nowMs) + count - 1 };
        pending.drawn = drawn;
        // A sequence of the engine moves at once, whatever becomes of the transaction.
        if (!isLocked) Object.assign(tenant.head, drawn);
        return drawn;
      }),
    writeCommit: (rows) =>
      call('writeCommit', async () => {
        // Whoever inserts the same key waits for the other one, and is then told.
        const keys = rows.created.map((row) => `${row.coll}/${row.id}`);
        await lock(
          [...keys].sort().map((key) => `row ${key}`),
          true,
        );
        if (keys.some((key) => tenant.records.has(key))) throw lostRace('record_pkey');
        pending.commit = rows;
      }),
    countToNarrow: () => call('countToNarrow', assertFewChildren),
    narrowChildren: (moved) =>
      call('narrowChildren', () => {
        if (moved.length > 0) assertFewChildren();
      }),
    // Sessions of deactivated users are asked for with their actor.
    raiseEvents: () => call('raiseEvents', () => undefined),
    followUsers: () => call('followUsers', () => undefined),
    writeResults: (_nowMs, rows) =>
      call('writeResults', async () => {
        const keys = rows.map((row) => resultKey(row.deviceId, row.operation.opId));
        await lock(
          [...keys].sort().map((key) => `result ${key}`),
          true,
        );
        if (keys.some((key) => tenant.results.has(key))) throw lostRace('op_result_pkey');
        pending.results = rows;
      }),
    readChanges: (plan, afterSeq, headSeq, limit) =>
      call('readChanges', () => reads.readChanges(tenant, plan, [afterSeq, headSeq], limit)),
    readTexts: (places) => call('readTexts', () => reads.readTexts(tenant, places)),
    readVisibleTexts: (plan, range) => call('readVisibleTexts', () => reads.readVisibleTexts(tenant, plan, range)),
    readVisibleItems: (plan, range) => call('readVisibleItems', () => reads.readVisibleItems(tenant, plan, range)),
    countVisible: (plan) => call('countVisible', () => reads.countVisible(tenant, plan)),
  };
}

/** A simulated world has hundreds of records: children always follow within the transaction of their parent. */
function assertFewChildren(): never {
  throw new Error('A record has more children than a simulated world has records.');
}

/** With what this transaction bumped itself. */
function epochOf(tenant: ModelTenant, pending: Pending, userId: string): number | undefined {
  const stored = tenant.epochs.get(userId);
  const own = pending.bumps.filter(
    ({ bumps }) =>
      bumps.everyone || bumps.others.includes(userId) || bumps.users.some((user) => user.userId === userId),
  ).length;
  return stored === undefined && own === 0 ? undefined : (stored ?? 0) + own;
}
