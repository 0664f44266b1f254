// Defects of what a commit reads before and writes.
import type { CommitRows, RecordRow } from '#server/sync/sync-store.ts';
import type { StoredRecord } from '#server/sync/stored-record.ts';
import { inEveryTransaction, type Defect } from '#test/sim/zoo/defect.ts';

function mapRecords(rows: CommitRows, change: (row: RecordRow) => RecordRow): CommitRows {
  return { ...rows, created: rows.created.map(change), updated: rows.updated.map(change) };
}

export const writeDefects: readonly Defect[] = [
  {
    name: 'conflict-not-kept',
    story: 'The value that lost a merge is thrown away.',
    store: inEveryTransaction((transaction) => ({
      writeCommit: (rows) =>
        transaction.writeCommit({
          ...rows,
          created: rows.created.filter((row) => row.kind !== 'conflict'),
          changes: rows.changes.filter((change) => change.kind !== 'conflict'),
        }),
    })),
  },
  {
    name: 'conflict-shown-too-widely',
    story: 'Whoever won a merge sees the conflict for ever, also when the record is out of sight.',
    store: inEveryTransaction((transaction) => ({
      writeCommit(rows) {
        const winners = new Map(
          rows.created
            .filter((row) => row.kind === 'conflict')
            .map((row) => [row.id, `o:${String(row.record['keptBy'])}`]),
        );
        const wide = mapRecords(rows, (row) => {
          const winner = winners.get(row.id);
          return winner === undefined ? row : { ...row, scopeKeys: [...row.scopeKeys, winner] };
        });
        const changes = rows.changes.map((change) => {
          const winner = winners.get(change.id);
          return winner === undefined ? change : { ...change, keysAfter: [...change.keysAfter, winner] };
        });
        const changeKeys = changes.flatMap(({ keysBefore, keysAfter, seq, n }) =>
          [...new Set([...keysBefore, ...keysAfter])].map((key) => ({ key, seq, n })),
        );
        return transaction.writeCommit({ ...wide, changes, changeKeys });
      },
    })),
  },
  {
    name: 'conflict-stays-behind',
    story: 'A record changes hands, and its conflicts do not.',
    store: inEveryTransaction((transaction) => ({
      async readChildren(parentIds, limit, which) {
        const children = await transaction.readChildren(parentIds, limit, which);
        return new Map([...children].filter(([, { record }]) => record.kind !== 'conflict'));
      },
    })),
  },
  {
    name: 'children-keep-their-sight',
    story: 'A task is seen by whoever saw its account before the account moved.',
    store: inEveryTransaction((transaction) => ({
      async readChildren(parentIds, limit, which) {
        const children = await transaction.readChildren(parentIds, limit, which);
        return new Map([...children].filter(([, { record }]) => record.kind !== 'task'));
      },
    })),
  },
  {
    name: 'group-torn',
    story: 'Of two fields that belong together only the changed one is written.',
    store: inEveryTransaction((transaction, tenant) => ({
      writeCommit: (rows) =>
        transaction.writeCommit({
          ...rows,
          updated: rows.updated.map((row) => {
            const old = tenant.records.get(`${row.coll}/${row.id}`)?.record['billingStreet'];
            if (!('billingStreet' in row.record) || old === undefined) return row;
            return { ...row, record: { ...row.record, billingStreet: old } };
          }),
        }),
    })),
  },
  {
    name: 'record-written-whole',
    story: 'A merge starts from a copy of the record that is one change old, and writes all of it.',
    store: inEveryTransaction((transaction, tenant) => ({
      async readRecords(places, forUpdate) {
        const found = await transaction.readRecords(places, forUpdate);
        const copies = copiesOf(tenant);
        return new Map([...found].map(([key, stored]) => [key, copies.get(key) ?? stored]));
      },
      async writeCommit(rows) {
        const copies = copiesOf(tenant);
        for (const { coll, id } of rows.updated) {
          const row = tenant.records.get(`${coll}/${id}`);
          if (row !== undefined && coll !== 'people') copies.set(`${coll}/${id}`, row);
        }
        return transaction.writeCommit(rows);
      },
    })),
  },
  {
    name: 'references-unchecked',
    story: 'A reference may point to a record out of sight.',
    store: inEveryTransaction((transaction, _tenant, { caller }) => ({
      async readRecords(places, forUpdate) {
        const found = await transaction.readRecords(places, forUpdate);
        if (forUpdate) return found;
        const mine = `o:${caller.userId}`;
        return new Map([...found].map(([key, stored]) => [key, { ...stored, scopeKeys: [...stored.scopeKeys, mine] }]));
      },
    })),
  },
  {
    name: 'touched-records-all-visible',
    story: 'Whether the sender sees a record is not asked before changing it.',
    store: inEveryTransaction((transaction, _tenant, { caller }) => ({
      async readRecords(places, forUpdate) {
        const found = await transaction.readRecords(places, forUpdate);
        const { userId } = caller;
        return new Map(
          [...found].map(([key, stored]): [string, StoredRecord] => {
            if (!forUpdate || key.startsWith('people/')) return [key, stored];
            const record = { ...stored.record, ownerId: userId };
            return [key, { ...stored, record, scopeKeys: [...stored.scopeKeys, `o:${userId}`] }];
          }),
        );
      },
    })),
  },
  {
    name: 'edits-under-deletion-unseen',
    story: 'Deleting does not look for what others changed meanwhile.',
    store: inEveryTransaction(() => ({ readDeviceRevs: () => Promise.resolve(new Map()) })),
  },
  {
    name: 'keys-before-not-indexed',
    story: 'A change is found by the keys a record has now, not by those it had.',
    store: inEveryTransaction((transaction) => ({
      writeCommit(rows) {
        const after = new Map(rows.changes.map(({ seq, n, keysAfter }) => [`${String(seq)} ${String(n)}`, keysAfter]));
        const changeKeys = rows.changeKeys.filter(({ key, seq, n }) =>
          after.get(`${String(seq)} ${String(n)}`)?.includes(key),
        );
        return transaction.writeCommit({ ...rows, changeKeys });
      },
    })),
  },
];

const copies = new WeakMap<object, Map<string, StoredRecord>>();

function copiesOf(tenant: object): Map<string, StoredRecord> {
  let known = copies.get(tenant);
  if (known === undefined) copies.set(tenant, (known = new Map()));
  return known;
}
