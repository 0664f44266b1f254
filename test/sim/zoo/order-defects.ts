// Defects of transactions, numbers and epochs.
import type { LoadedActor } from '#server/identity/load-actor.ts';
import type { SyncTransaction } from '#server/sync/sync-store.ts';
import { inEveryTransaction, type Defect } from '#test/sim/zoo/defect.ts';

/** Of one run: another run has other tenants. */
const remembered = new Map<
  string,
  { readonly tenant: object; readonly role: string; readonly teamIds: readonly string[] }
>();
const lastActors = new Map<string, { readonly tenant: object; readonly loaded: LoadedActor }>();

const READS_BEFORE_JUDGING = 150;

export const orderDefects: readonly Defect[] = [
  {
    name: 'numbers-outside-transaction',
    story: 'Numbers come from a sequence of the database, which does not wait for whoever drew before.',
    quirks: { headIsNotLocked: true },
  },
  {
    name: 'records-not-locked',
    story: 'Records are read for a merge without being held: two pushes merge onto the same state.',
    quirks: { rowsAreNotLocked: true },
  },
  {
    name: 'abort-keeps-writes',
    story: 'What a transaction wrote before it was aborted stays, and the retry writes it again.',
    quirks: { abortKeepsWrites: true },
  },
  {
    name: 'clock-as-it-is',
    story: 'Time stamps are taken from the clock, also when it was set back.',
    store: inEveryTransaction((transaction) => ({
      async drawNumbers(count, nowMs) {
        const drawn = await transaction.drawNumbers(count, nowMs);
        return drawn === null ? null : { ...drawn, lastTs: nowMs + count - 1 };
      },
    })),
  },
  {
    name: 'times-of-the-device',
    story: 'A record says when its author believed to have changed it.',
    store: inEveryTransaction((transaction) => {
      const walls = new Map<string, string>();
      return {
        readKnownResults(pushes) {
          for (const { opId, captured } of pushes.flatMap((push) => push.operations)) walls.set(opId, captured.wall);
          return transaction.readKnownResults(pushes);
        },
        writeCommit: (rows) =>
          transaction.writeCommit({
            ...rows,
            updated: rows.updated.map((row) => {
              const opId = rows.changes.findLast(({ id }) => id === row.id)?.opId ?? '';
              const updatedAt = walls.get(opId) ?? row.record.updatedAt;
              return { ...row, record: { ...row.record, updatedAt } };
            }),
          }),
      };
    }),
  },
  {
    name: 'number-left-out',
    story: 'A number is drawn for a batch in which nothing succeeded.',
    store: inEveryTransaction((transaction) => ({
      async writeResults(nowMs, rows) {
        if (rows.some((row) => row.verdict.status === 'rejected')) await transaction.drawNumbers(1, nowMs);
        return transaction.writeResults(nowMs, rows);
      },
    })),
  },
  {
    name: 'results-in-second-transaction',
    story: 'What was answered is written after the changes were committed.',
    store: (store) => ({
      ...store,
      async inTenant(tenantId, work, options) {
        let write: (() => Promise<unknown>) | null = null;
        const value = await store.inTenant(
          tenantId,
          (transaction) =>
            work({
              ...transaction,
              writeResults(nowMs, rows) {
                write = () => store.inTenant(tenantId, (later) => later.writeResults(nowMs, rows));
                return Promise.resolve();
              },
            }),
          options,
        );
        await (write as (() => Promise<unknown>) | null)?.();
        return value;
      },
    }),
  },
  {
    name: 'epoch-in-second-transaction',
    story: 'Rights are changed first, and the epoch a moment later.',
    store: (store) => ({
      ...store,
      async inTenant(tenantId, work, options) {
        const later: Parameters<SyncTransaction['bumpEpochs']>[] = [];
        const value = await store.inTenant(
          tenantId,
          (transaction) =>
            work({
              ...transaction,
              bumpEpochs(...bumps) {
                later.push(bumps);
                return Promise.resolve();
              },
            }),
          options,
        );
        for (const bumps of later) await store.inTenant(tenantId, (transaction) => transaction.bumpEpochs(...bumps));
        return value;
      },
    }),
  },
  {
    name: 'no-epoch-for-the-tree',
    story: 'Moving a team does not touch the epochs of those below it.',
    store: inEveryTransaction((transaction) => ({
      bumpEpochs: (bumps, reach) => transaction.bumpEpochs({ ...bumps, everyone: false }, reach),
    })),
  },
  {
    name: 'no-epoch-for-deactivation',
    story: 'Deactivating somebody is no change of rights.',
    store: inEveryTransaction((transaction) => ({
      bumpEpochs: (bumps, reach) =>
        transaction.bumpEpochs({ ...bumps, users: bumps.users.filter((user) => user.isActive) }, reach),
    })),
  },
  {
    name: 'epoch-not-held',
    story: 'The rights of a push are read before its transaction, and nobody looks again.',
    store(store, side) {
      const { tenantId, userId } = side.caller;
      const epoch = side.tenants.get(tenantId)?.epochs.get(userId) ?? 0;
      return inEveryTransaction((transaction) => ({
        async readEpochs(userIds, lock) {
          if (!lock) return transaction.readEpochs(userIds, lock);
          // What else a transaction does before it judges, on a busy server: the time in which somebody loses a right.
          for (let reads = 0; reads < READS_BEFORE_JUDGING; reads += 1) await transaction.readHead();
          return new Map([[userId, epoch]]);
        },
      }))(store, side);
    },
  },
  {
    name: 'rights-kept-in-memory',
    story: 'A server process remembers the role of a user for as long as it lives.',
    store: inEveryTransaction((transaction, tenant) => ({
      async readActor(userId) {
        const loaded = await transaction.readActor(userId);
        const known = remembered.get(`${tenant.id} ${userId}`);
        if (loaded === null) return null;
        if (known?.tenant === tenant)
          return { ...loaded, actor: { ...loaded.actor, role: known.role, teamIds: known.teamIds } };
        const { role, teamIds } = loaded.actor;
        remembered.set(`${tenant.id} ${userId}`, { tenant, role, teamIds });
        return loaded;
      },
    })),
  },
  {
    name: 'deactivated-goes-on',
    story: 'Whether somebody is still active is asked at sign-in only.',
    store: inEveryTransaction((transaction, tenant) => ({
      async readActor(userId) {
        const loaded = await transaction.readActor(userId);
        const known = lastActors.get(`${tenant.id} ${userId}`);
        if (loaded === null) return known?.tenant === tenant ? known.loaded : null;
        lastActors.set(`${tenant.id} ${userId}`, { tenant, loaded });
        return loaded;
      },
    })),
  },
];
