// Defects that give nothing away but a difference: only somebody who compares two worlds can notice (SYNC-23).
import { inEveryTransaction, type Defect } from '#test/sim/zoo/defect.ts';

export const leakDefects: readonly Defect[] = [
  {
    name: 'end-of-snapshot-tells',
    story: 'A first synchronization takes one more page when others have worked meanwhile, out of sight or not.',
    store: inEveryTransaction((transaction) => ({
      async readChanges(plan, afterSeq, headSeq, limit) {
        const changes = await transaction.readChanges(plan, afterSeq, headSeq, limit);
        if (limit > 1 || changes.length > 0) return changes;
        return [{ coll: 'accounts', id: 'any', kind: 'account', seq: headSeq }];
      },
    })),
  },
  {
    name: 'progress-counts-everything',
    story: 'The bar of a first synchronization is drawn from the number of all records.',
    store: inEveryTransaction((_transaction, tenant) => ({
      countVisible: () => Promise.resolve([...tenant.records.values()].filter((row) => !row.isDeleted).length),
    })),
  },
  {
    name: 'hidden-changes-told',
    story: 'A change of a hidden field alone is delivered, without the field.',
    store: inEveryTransaction((transaction) => ({
      readChanges: (plan, afterSeq, headSeq, limit) =>
        transaction.readChanges({ ...plan, fields: undefined }, afterSeq, headSeq, limit),
    })),
  },
  {
    name: 'time-of-hidden-changes',
    story: 'Number and time of a record are those of its newest change, seen or not.',
    store: inEveryTransaction((transaction) => ({
      async readTexts(places) {
        return (await transaction.readTexts(places)).map((row) => ({ ...row, fieldRev: {} }));
      },
      async readVisibleTexts(plan, range) {
        return (await transaction.readVisibleTexts(plan, range)).map((row) => ({ ...row, fieldRev: {} }));
      },
    })),
  },
  {
    name: 'loser-by-the-record',
    story: 'A conflict names whoever changed the record last, not who wrote the value that lost.',
    store: inEveryTransaction((transaction, tenant) => ({
      async readStamps(seqs) {
        return (await transaction.readStamps(seqs)).map((stamp) => {
          const written = tenant.changes.find(({ seq }) => seq === stamp.seq);
          const last = tenant.changes.findLast(({ coll, id }) => coll === written?.coll && id === written.id);
          return { ...stamp, actor: last?.actor ?? stamp.actor };
        });
      },
    })),
  },
  {
    name: 'everybody-is-poked',
    story: 'A commit pokes every device of the organization.',
    store: inEveryTransaction((transaction) => ({
      writeCommit: (rows) => transaction.writeCommit({ ...rows, edits: undefined, touchedKeys: null }),
    })),
  },
  {
    name: 'existence-told',
    story: 'Whoever changes a record out of sight learns that there is one.',
    store: inEveryTransaction((transaction, _tenant, { caller }) => ({
      async readRecords(places, forUpdate) {
        const found = await transaction.readRecords(places, forUpdate);
        const seen = `s:view:user:${caller.userId}`;
        if (!forUpdate) return found;
        return new Map([...found].map(([key, stored]) => [key, { ...stored, scopeKeys: [...stored.scopeKeys, seen] }]));
      },
    })),
  },
];
