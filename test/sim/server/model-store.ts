// The store of the server core as a model in memory: transactions with row locks and waiting, snapshots, commits that are
// all or nothing. Before every call it asks the process it runs in, which may take its time, fail, or die there. Calls of
// one transaction run one after the other, in the order they were made, and none after one that failed.
import type { TerritoryReach } from '#shared/access/territory-reach.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { SqlError } from '#server/store/sql-error.ts';
import type { ResultRow } from '#server/sync/op-results.ts';
import type { CommitRows, EpochBumps, SyncStore, SyncTransaction } from '#server/sync/sync-store.ts';
import type { PositionSealer } from '#server/sync/token.ts';
import { createLocks, type Locks } from '#test/sim/server/locks.ts';
import { createModelTransaction } from '#test/sim/server/model-transaction.ts';
import {
  createModelTenant,
  deviceKey,
  putRow,
  resultKey,
  type ModelRow,
  type ModelTenant,
} from '#test/sim/server/model-tenant.ts';

export type CallName = keyof SyncTransaction | 'begin' | 'commit' | 'committed';

/** The process a transaction runs in. A call may take its time, throw, or never come back. */
export interface CallPort {
  before(call: CallName): Promise<void> | null;
  /** Transactions of a process that died are rolled back. */
  readonly isAlive: () => boolean;
}

/** What became visible at one instant. */
export interface Committed {
  readonly tenant: ModelTenant;
  readonly rows: CommitRows | null;
  /** Rows that were replaced, by place. */
  readonly before: ReadonlyMap<string, ModelRow>;
  readonly bumps: readonly EpochBumps[];
  readonly results: readonly ResultRow[];
}

/** Guarantees of the engine below that can be taken away, to see that somebody notices. */
export interface Quirks {
  /** Numbers are drawn without waiting for whoever drew before. */
  readonly headIsNotLocked?: boolean;
  /** Records are read for update without holding them. */
  readonly rowsAreNotLocked?: boolean;
  /** What an aborted transaction wrote stays. */
  readonly abortKeepsWrites?: boolean;
}

export interface ModelStore {
  readonly tenants: Map<string, ModelTenant>;
  createTenant(id: string, nowMs: number): ModelTenant;
  openFor(port: CallPort, quirks?: Quirks): SyncStore;
  /** Ends every transaction that a dead process left. */
  rollBackDead(): void;
  /** Takes the oldest part of the log away. */
  collectLog(tenantId: string, upToSeq: number): void;
}

/** What a transaction has written and nobody else sees. */
export interface Pending {
  isOver: boolean;
  readonly bumps: { readonly bumps: EpochBumps; readonly reach: ReadonlyMap<string, TerritoryReach> }[];
  drawn: { seq: number; lastTs: number } | null;
  commit: CommitRows | null;
  results: readonly ResultRow[];
  readonly reaches: Map<string, unknown>;
  readonly tokens: Set<string>;
}

interface Open {
  readonly port: CallPort;
  readonly rollBack: () => void;
}

const MODEL_SECRET = new Uint8Array(32).fill(7);

export function createModelStore(sealer: PositionSealer, onCommit: (committed: Committed) => void): ModelStore {
  const tenants = new Map<string, ModelTenant>();
  const locks: Locks = createLocks();
  const running = new Map<number, Open>();
  let lastId = 0;

  function tenantOf(id: string): ModelTenant {
    const tenant = tenants.get(id);
    if (tenant === undefined) throw new Error(`There is no tenant ${id}.`);
    return tenant;
  }

  async function runTransaction<Value>(
    port: CallPort,
    quirks: Quirks,
    tenantId: TenantId,
    work: (transaction: SyncTransaction) => Promise<Value>,
    isSnapshot: boolean,
  ): Promise<Value> {
    const id = (lastId += 1);
    const tenant = tenantOf(tenantId);
    await port.before('begin');
    const pending: Pending = {
      isOver: false,
      bumps: [],
      drawn: null,
      commit: null,
      results: [],
      reaches: new Map(),
      tokens: new Set(),
    };
    const rollBack = (): void => {
      pending.isOver = true;
      running.delete(id);
      locks.releaseAll(id);
    };
    running.set(id, { port, rollBack });
    try {
      // A snapshot is read at one instant; nothing can come between its calls.
      const value = await work(
        createModelTransaction({ tenant, id, locks, port: isSnapshot ? null : port, quirks, pending }),
      );
      await port.before('commit');
      if (!isSnapshot) apply(tenant, pending, onCommit);
      rollBack();
      await port.before('committed');
      return value;
    } catch (error) {
      if (quirks.abortKeepsWrites === true && pending.commit !== null) apply(tenant, pending, onCommit);
      rollBack();
      throw error;
    }
  }

  return {
    tenants,
    createTenant(id, nowMs) {
      const tenant = createModelTenant(id, `Company ${id}`, nowMs);
      tenants.set(id, tenant);
      return tenant;
    },
    openFor: (port, quirks = {}) => ({
      inTenant: (tenantId, work, options) => runTransaction(port, quirks, tenantId, work, options?.snapshot === true),
      isRetryable: (error) => error instanceof SqlError && ['40001', '40P01', '23505'].includes(error.code),
      openSealer: () => Promise.resolve(sealer),
      readManifestSecret: () => Promise.resolve(MODEL_SECRET),
      readMaskSecret: () => Promise.resolve(MODEL_SECRET),
    }),
    rollBackDead() {
      for (const { port, rollBack } of running.values()) if (!port.isAlive()) rollBack();
    },
    collectLog(tenantId, upToSeq) {
      const tenant = tenantOf(tenantId);
      const seq = Math.min(upToSeq, tenant.head.seq);
      if (seq <= tenant.head.minSeq) return;
      tenant.head.minSeq = seq;
      tenant.changes = tenant.changes.filter((entry) => entry.seq > seq);
      for (const [key, entries] of tenant.changesByKey) {
        tenant.changesByKey.set(
          key,
          entries.filter((entry) => entry.seq > seq),
        );
      }
    },
  };
}

/** Makes everything visible that a transaction wrote. */
function apply(tenant: ModelTenant, pending: Pending, onCommit: (committed: Committed) => void): void {
  const { commit, results, drawn, bumps } = pending;
  for (const { bumps: bump, reach } of bumps) {
    applyBumps(tenant, bump);
    for (const [userId, reached] of reach) tenant.reach.set(userId, reached);
  }
  for (const [key, reach] of pending.reaches) if (!tenant.reaches.has(key)) tenant.reaches.set(key, reach);
  for (const name of pending.tokens) tenant.tokens.add(name);
  if (drawn !== null) {
    tenant.head.seq = Math.max(tenant.head.seq, drawn.seq);
    tenant.head.lastTs = Math.max(tenant.head.lastTs, drawn.lastTs);
  }
  const before = new Map<string, ModelRow>();
  if (commit !== null) applyCommit(tenant, commit, before);
  for (const { deviceId: device, userId, operation, bodyHash, verdict, seq } of results) {
    const { opId, opNo } = operation;
    tenant.results.set(resultKey(device, opId), { opId, opNo, device, bodyHash, userId, verdict, seq });
    const key = deviceKey({ deviceId: device, userId });
    tenant.senders.set(key, Math.max(tenant.senders.get(key) ?? 0, opNo));
  }
  if (commit !== null || results.length > 0 || bumps.length > 0)
    onCommit({ tenant, rows: commit, before, bumps: bumps.map((entry) => entry.bumps), results });
}

function applyCommit(tenant: ModelTenant, commit: CommitRows, before: Map<string, ModelRow>): void {
  for (const row of [...commit.created, ...commit.updated]) {
    const key = `${row.coll}/${row.id}`;
    const old = tenant.records.get(key);
    if (old !== undefined) before.set(key, old);
    putRow(tenant, row);
  }
  const byNumber = new Map(commit.changes.map((change) => [`${String(change.seq)} ${String(change.n)}`, change]));
  tenant.changes.push(...commit.changes);
  for (const { key, seq, n } of commit.changeKeys) {
    const change = byNumber.get(`${String(seq)} ${String(n)}`);
    if (change === undefined) continue;
    const entries = tenant.changesByKey.get(key);
    if (entries === undefined) tenant.changesByKey.set(key, [change]);
    else entries.push(change);
  }
}

function applyBumps(tenant: ModelTenant, { users, everyone, others }: EpochBumps): void {
  const named = new Set(users.map((user) => user.userId));
  const rest = everyone ? [...tenant.epochs.keys()] : others.filter((userId) => tenant.epochs.has(userId));
  for (const userId of new Set([...named, ...rest])) tenant.epochs.set(userId, (tenant.epochs.get(userId) ?? 0) + 1);
}
