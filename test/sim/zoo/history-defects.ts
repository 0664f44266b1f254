// Defects of the history of deals.
import type { CommitRows, RecordRow } from '#server/sync/sync-store.ts';
import { inEveryTransaction, type Defect } from '#test/sim/zoo/defect.ts';

const isPlain = ({ kind, record }: RecordRow): boolean =>
  kind === 'stageChange' && record['fromStage'] === record['toStage'];

function mapEntries(rows: CommitRows, change: (row: RecordRow) => RecordRow): CommitRows {
  return { ...rows, created: rows.created.map((row) => (row.kind === 'stageChange' ? change(row) : row)) };
}

export const historyDefects: readonly Defect[] = [
  {
    name: 'history-of-moves-alone',
    story: 'An amount that changes without a move leaves no trace.',
    store: inEveryTransaction((transaction) => ({
      writeCommit(rows) {
        const gone = new Set(rows.created.filter(isPlain).map(({ id }) => id));
        const changes = rows.changes.filter(({ id }) => !gone.has(id));
        return transaction.writeCommit({ ...rows, created: rows.created.filter(({ id }) => !gone.has(id)), changes });
      },
    })),
  },
  {
    name: 'history-as-the-author-saw-it',
    story: 'A move says what its author believed the deal was worth, not what it was.',
    store: inEveryTransaction((transaction, tenant) => ({
      writeCommit: (rows) =>
        transaction.writeCommit(
          mapEntries(rows, (row) => {
            const entries = [...tenant.records.values()].filter(
              ({ subject, kind }) => subject === row.subject && kind === row.kind,
            );
            const seen = entries.at(0)?.record;
            return seen === undefined || isPlain(row)
              ? row
              : { ...row, record: { ...row.record, amountBefore: seen['amountBefore'] } };
          }),
        ),
    })),
  },
  {
    name: 'history-by-the-clock-of-the-device',
    story: 'A computer whose clock is ahead writes history that has not happened yet.',
    store: inEveryTransaction((transaction) => ({
      writeCommit: (rows) =>
        transaction.writeCommit(
          mapEntries(rows, (row) => {
            const ahead = new Date(Date.parse(String(row.record['occurredAt'])) + 3_600_000).toISOString();
            return { ...row, record: { ...row.record, occurredAt: ahead } };
          }),
        ),
    })),
  },
];
