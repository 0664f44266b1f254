// Defects of pages and positions.
import { meets } from '#shared/access/scope.ts';
import { keySetOfKind } from '#server/sync/keys.ts';
import type { Position } from '#server/sync/token.ts';
import type { SyncStore } from '#server/sync/sync-store.ts';
import { inEveryTransaction, type Defect, type ServerSide } from '#test/sim/zoo/defect.ts';

/** Changes the product reads beyond what a page holds, so that a commit is never cut. */
const BEYOND = 2000;

/** Positions are not what they were when they were given out. */
function openingAs(
  change: (position: Position, side: ServerSide) => Position,
): (store: SyncStore, side: ServerSide) => SyncStore {
  return (store, side) => ({
    ...store,
    async openSealer() {
      const sealer = await store.openSealer();
      return { ...sealer, open: (token, owner) => change(sealer.open(token, owner), side) };
    },
  });
}

export const pageDefects: readonly Defect[] = [
  {
    name: 'filter-after-limit',
    story: 'The page is cut before what the user may not see is taken out.',
    store: inEveryTransaction((transaction, tenant) => ({
      async readChanges(plan, afterSeq, headSeq, limit) {
        const first = tenant.changes.filter(({ seq }) => seq > afterSeq && seq <= headSeq).slice(0, limit - BEYOND);
        const visible = await transaction.readChanges(plan, afterSeq, headSeq, limit);
        return visible.filter(({ seq, id }) => first.some((entry) => entry.seq === seq && entry.id === id));
      },
    })),
  },
  {
    name: 'limit-taken-for-all',
    story: 'A full page is taken for the last one.',
    store: inEveryTransaction((transaction) => ({
      readChanges: (plan, afterSeq, headSeq, limit) => transaction.readChanges(plan, afterSeq, headSeq, limit - BEYOND),
    })),
  },
  {
    name: 'short-page-is-done',
    story: 'A device stops asking when a page is not full.',
    page: (page, wanted) => ({ ...page, caughtUp: page.items.length < wanted }),
  },
  {
    name: 'moved-out-not-told',
    story: 'Only changes of records that are visible now are delivered.',
    store: inEveryTransaction((transaction, tenant) => ({
      async readChanges(plan, afterSeq, headSeq, limit) {
        const visible = await transaction.readChanges(plan, afterSeq, headSeq, limit);
        return visible.filter((place) => {
          const keySet = keySetOfKind(plan, place.kind);
          const row = tenant.records.get(`${place.coll}/${place.id}`);
          return keySet !== null && row !== undefined && meets(keySet, row.scopeKeys);
        });
      },
    })),
  },
  {
    name: 'everything-told',
    story: 'The log is read without looking at keys: ids of what others do come along.',
    store: inEveryTransaction((_transaction, tenant) => ({
      readChanges: (_plan, afterSeq, headSeq, limit) =>
        Promise.resolve(tenant.changes.filter(({ seq }) => seq > afterSeq && seq <= headSeq).slice(0, limit)),
    })),
  },
  {
    name: 'deleted-comes-back',
    story: 'A deleted record is delivered like a living one.',
    store: inEveryTransaction((transaction) => ({
      async readTexts(places) {
        const rows = await transaction.readTexts(places);
        return rows.map((row) => ({ ...row, isDeleted: false }));
      },
    })),
  },
  {
    name: 'tombstones-in-snapshot',
    story: 'A first synchronization brings deleted records along.',
    store: inEveryTransaction((transaction, tenant) => ({
      async readVisibleItems(plan, range) {
        const chunk = await transaction.readVisibleItems(plan, range);
        const dead = [...tenant.records.values()].filter((row) => {
          const keySet = keySetOfKind(plan, row.kind);
          return row.isDeleted && row.coll === range.coll && keySet !== null && meets(keySet, row.scopeKeys);
        });
        const items = dead.map((row) => `{"t":"put","coll":"${range.coll}","record":${row.text}}`);
        return { ...chunk, json: [chunk.json, ...items].filter((text) => text !== '').join(',') };
      },
    })),
  },
  {
    name: 'other-tenant-in-snapshot',
    story: 'The organization is forgotten in one condition.',
    store: inEveryTransaction((transaction, tenant, side) => ({
      async readVisibleItems(plan, range) {
        const chunk = await transaction.readVisibleItems(plan, range);
        const foreign = [...side.tenants.values()]
          .filter((other) => other !== tenant)
          .flatMap((other) => [...other.records.values()]);
        const found = foreign.filter((row) => row.coll === range.coll && row.owner === range.userId);
        const items = found.map((row) => `{"t":"put","coll":"${range.coll}","record":${row.text}}`);
        return { ...chunk, json: [chunk.json, ...items].filter((text) => text !== '').join(',') };
      },
    })),
  },
  {
    name: 'last-of-a-page-lost',
    story: 'The place after a full page is one too far.',
    store: inEveryTransaction((transaction) => ({
      async readVisibleItems(plan, range) {
        const chunk = await transaction.readVisibleItems(plan, range);
        if (chunk.count < range.limit || chunk.count < 2) return chunk;
        const items = JSON.parse(`[${chunk.json}]`) as unknown[];
        const kept = items.slice(0, -1).map((item) => JSON.stringify(item));
        return { ...chunk, json: kept.join(',') };
      },
    })),
  },
  {
    name: 'snapshot-begins-late',
    story: 'The log is read from where the snapshot ended instead of where it began.',
    store: (store, side) => ({
      ...store,
      async openSealer() {
        const sealer = await store.openSealer();
        const head = (): number => side.tenants.get(side.caller.tenantId)?.head.seq ?? 0;
        return {
          ...sealer,
          seal: (position) => sealer.seal(position.snapshot === null ? position : { ...position, seq: head() }),
        };
      },
    }),
  },
  {
    name: 'old-epoch-goes-on',
    story: 'A position of older rights is gone on with.',
    store: openingAs((position, { tenants }) => ({
      ...position,
      epoch: tenants.get(position.tenantId)?.epochs.get(position.userId) ?? 0,
    })),
  },
  {
    name: 'position-of-another-user',
    story: 'Whose position it is is not compared.',
    store: openingAs((position, { caller }) => ({ ...position, ...caller })),
  },
  {
    name: 'log-collected-unnoticed',
    story: 'The begin of the log is not remembered when old entries are deleted.',
    store: inEveryTransaction((transaction) => ({
      async readHead() {
        const head = await transaction.readHead();
        return head === null ? null : { ...head, minSeq: 0 };
      },
    })),
  },
];
