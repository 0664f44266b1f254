// Defects of the device: journal, local database, what becomes of answers.
import type { LocalDatabase, WriteBatch } from '#renderer/data/database.ts';
import type { Verdict } from '#shared/sync/messages.ts';
import type { Defect } from '#test/sim/zoo/defect.ts';

/** Every batch is written without some of its purges. */
function purgingOnly(database: LocalDatabase, isPurged: (coll: string, id: string) => boolean): LocalDatabase {
  const change = (batch: WriteBatch): WriteBatch =>
    new Map(
      [...batch].map(([coll, { put, purge }]) => [coll, { put, purge: purge.filter((id) => isPurged(coll, id)) }]),
    );
  return { ...database, write: (batch) => database.write(change(batch)) };
}

export const deviceDefects: readonly Defect[] = [
  {
    name: 'position-in-another-place',
    story: 'The position is kept where it survives a crash that takes records with it.',
    database: (database, file) => ({
      ...database,
      writePosition(position) {
        file.position = position;
        return Promise.resolve();
      },
    }),
  },
  {
    name: 'saved-before-it-is',
    story: 'The screen says saved before the journal is on the disk.',
    journal: (journal, file, loop) => ({
      ...journal,
      append(drafts) {
        const before = file.state;
        const operations = journal.append(drafts);
        const entries = operations.map((operation) => ({ operation, entry: file.ops.get(operation.opNo) }));
        const after = file.state;
        for (const { operation } of entries) file.ops.delete(operation.opNo);
        file.state = before;
        loop.after(1_500, () => {
          if (file.state !== before) return;
          for (const { operation, entry } of entries) if (entry !== undefined) file.ops.set(operation.opNo, entry);
          file.state = after;
        });
        return operations;
      },
    }),
  },
  {
    name: 'journal-lets-go-early',
    story: 'An operation leaves the journal when it is answered, before the view knows of the answer.',
    journal: (journal) => ({
      ...journal,
      storeVerdicts(verdicts) {
        journal.storeVerdicts(verdicts);
        journal.markDelivered(verdicts.map((verdict) => verdict.opId));
      },
    }),
  },
  {
    name: 'refusal-takes-the-text',
    story: 'A refused operation is taken back, and what was typed with it.',
    journal: (journal) => ({
      ...journal,
      storeVerdicts: (verdicts) =>
        journal.storeVerdicts(
          verdicts.map((verdict): Verdict =>
            verdict.status === 'rejected' || verdict.status === 'blocked'
              ? {
                  opId: verdict.opId,
                  opNo: verdict.opNo,
                  record: verdict.record,
                  status: 'noop',
                  seq: 0,
                  conflicts: [],
                }
              : verdict,
          ),
        ),
    }),
  },
  {
    name: 'numbers-used-twice',
    story: 'The next number of a device is not written with the operation that took it.',
    journal: (journal, file) => ({
      ...journal,
      append(drafts) {
        const before = file.state?.nextOpNo ?? 1;
        const operations = journal.append(drafts);
        if (file.state !== null) file.state = { ...file.state, nextOpNo: before };
        return operations;
      },
    }),
  },
  {
    name: 'txn-cut-by-the-batch',
    story: 'Operations that belong together travel in two batches.',
    journal: (journal) => ({
      ...journal,
      nextBatch: (limit, afterOpNo) => journal.nextBatch(limit, afterOpNo).slice(0, 1),
    }),
  },
  {
    name: 'view-starts-without-the-journal',
    story: 'After a start the view shows what the server said, without the unsent work.',
    journal: (journal) => ({ ...journal, pending: () => [] }),
  },
  {
    name: 'work-lives-in-the-cache',
    story: 'Unsent work is kept in the local database and goes with it.',
    keepsWorkInCache: true,
  },
  {
    name: 'purge-waits-for-unsent-work',
    story: 'A record that left the sight stays as long as something is unsent on it.',
    database: (database) =>
      purgingOnly(database, (coll, id) => (database.getStored(coll as never, id)?.pending.length ?? 0) === 0),
  },
  {
    name: 'nothing-is-purged',
    story: 'Records out of sight are hidden by the screens only.',
    database: (database) => purgingOnly(database, () => false),
  },
  {
    name: 'reconciling-adds-only',
    story: 'After a change of rights a device gets what is new and keeps what it had.',
    applier: (applier) => ({
      ...applier,
      setProjections: (projections) =>
        applier.setProjections([...projections].filter(({ projection }) => projection !== null)),
    }),
  },
  {
    name: 'half-a-page',
    story: 'The position moves on although only a part of the page was written.',
    applier: (applier) => ({
      ...applier,
      applyPage: (page) => applier.applyPage({ ...page, items: page.items.slice(0, 3) }),
    }),
  },
  {
    name: 'own-revision',
    story: 'A device gives a record it changed a revision of its own, and later states look old.',
    applier: (applier) => ({
      ...applier,
      applyVerdicts: (verdicts) =>
        applier.applyVerdicts(
          verdicts.map((verdict) =>
            verdict.record === null
              ? verdict
              : { ...verdict, record: { ...verdict.record, rev: Number(verdict.record['rev']) + 1_000 } },
          ),
        ),
    }),
  },
  {
    name: 'verdicts-ignored-by-the-view',
    story: 'The view keeps an answered operation folded in until the application starts again.',
    applier: (applier) => ({ ...applier, applyVerdicts: () => Promise.resolve() }),
  },
  {
    name: 'wipe-ignored',
    story: 'The computer of a deactivated user keeps everything.',
    ignoresWipe: true,
  },
];
