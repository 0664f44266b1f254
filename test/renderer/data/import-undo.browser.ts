// Taking an import back, in a real page on real IndexedDB: every value of every record, however many there were and
// wherever the import broke off.
import type { ImportProgress } from '#renderer/data/data-contract.ts';
import type { ImportStep, ImportToKeep } from '#shared/import/import-steps.ts';
import { getSegmentStorage } from '#renderer/data/storage/get-segment-storage.ts';
import type { DataService } from '#renderer/data/data-service.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import {
  applyPage,
  check,
  checkSame,
  collectAnswers,
  createFakeJournal,
  execute,
  makeRecord,
  newProfileId,
  openProfile,
  openService,
  putOf,
  type FakeJournal,
} from '#test/renderer/data/data-fixture.ts';

/** What the main process refuses as one operation. */
const MAX_OPERATION_BYTES = 1024 * 1024;
const columns = [
  { header: 'Company', field: 'name' },
  { header: 'City', field: 'billingCity' },
  { header: 'Website', field: 'website' },
  { header: 'About', field: 'description' },
];
const plan = { entity: 'account', currency: 'EUR', matchBy: ['name'], onMatch: 'update', columns } as const;

/** Accounts that are there before, each with a city and a text of its own. */
function knownAccounts(count: number) {
  return Array.from({ length: count }, (_, index) =>
    makeRecord('account', `known-${index}`, 1, {
      name: `Known ${index}`,
      billingCity: `City ${index}`,
      description: `What account ${index} was about. `.repeat(10),
    }),
  );
}

function fileFor(count: number): string {
  const lines = ['Company;City;Website;About'];
  for (let row = 0; row < count; row += 1) lines.push(`Known ${row};Basel;known.example;About ${row} now`);
  for (let row = 0; row < 10; row += 1) lines.push(`New ${row};Basel;;`);
  return lines.join('\n');
}

async function runImport(service: DataService, count: number): Promise<string> {
  const request = { fileName: 'known.csv', text: fileFor(count), plan };
  const { importId } = (await service.request('startImport', request)) as { importId: string };
  const progress = collectAnswers(service, 'importProgress', { importId });
  await until(() => (progress.values.at(-1)?.state ?? 'running') !== 'running');
  progress.stop();
  return importId;
}

async function until(isTrue: () => boolean): Promise<void> {
  const startMs = performance.now();
  while (!isTrue()) {
    check(performance.now() - startMs < 120_000, 'waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function progressNow(service: DataService, importId: string): ImportProgress | null {
  const answers = collectAnswers(service, 'importProgress', { importId });
  answers.stop();
  return answers.values.at(-1) ?? null;
}

async function countOf(service: DataService, entity: string): Promise<number> {
  const state = (await service.request('databaseState', {})) as { readonly counts: Readonly<Record<string, number>> };
  return state.counts[entity] ?? 0;
}

/** Compares every account with what it was, apart from some that were changed since. */
async function checkRestored(service: DataService, count: number, changed: Readonly<Record<string, unknown>>) {
  const ids = Array.from({ length: count }, (_, index) => `known-${index}`);
  const fields = ['billingCity', 'website', 'description'];
  const rows = (await service.request('readFields', { entity: 'account', ids, fields })) as readonly {
    readonly id: string;
    readonly values: Readonly<Record<string, unknown>>;
  }[];
  checkSame(rows.length, count, 'accounts that are there');
  const wrong = rows.filter(({ id, values }, index) => {
    const before = {
      billingCity: `City ${index}`,
      website: null,
      description: `What account ${index} was about. `.repeat(10),
    };
    const expected = id in changed ? { ...before, ...(changed[id] as object) } : before;
    return JSON.stringify(values) !== JSON.stringify(expected);
  });
  checkSame(wrong.slice(0, 3), [], 'accounts that do not say what they said before');
}

/** A journal that refuses one of its calls, as a full disk does. */
function breakOff(journal: FakeJournal, atCall: number): FakeJournal {
  let calls = 0;
  return {
    ...journal,
    append(drafts) {
      calls += 1;
      if (calls === atCall) return Promise.reject(new OutpostError('disk_full', 'No space left.'));
      return journal.append(drafts);
    },
  };
}

/** What is appended by this call is saved; that it is, nobody hears. */
function losesAnswer(journal: FakeJournal, atCall: number): FakeJournal {
  let calls = 0;
  return {
    ...journal,
    async append(drafts) {
      calls += 1;
      const saved = await journal.append(drafts);
      if (calls === atCall) throw new OutpostError('internal', 'The computer is off.');
      return saved;
    },
  };
}

export const cases: Record<string, () => Promise<void>> = {
  'IMP-08 undoing an import of 6,000 updates gives every record back what it said, and keeps nothing': async () => {
    const journal = createFakeJournal();
    const service = openService(journal);
    await openProfile(service, newProfileId());
    await applyPage(service, knownAccounts(6000).map(putOf));
    const importId = await runImport(service, 6000);
    checkSame(progressNow(service, importId)?.state, 'done', 'state');
    checkSame(progressNow(service, importId)?.rowErrors, [], 'nothing is given up');
    check((await countOf(service, 'importPart')) >= 12, 'former values are kept with every batch');
    const largest = journal.operations.reduce((most, operation) => Math.max(most, JSON.stringify(operation).length), 0);
    check(largest < MAX_OPERATION_BYTES, `an operation of ${largest} bytes would never be taken`);
    await execute(service, 'updateRecord', { entity: 'account', id: 'known-4321', values: { billingCity: 'Chur' } });
    await service.request('undoImport', { importId });
    await checkRestored(service, 6000, { 'known-4321': { billingCity: 'Chur' } });
    checkSame(await countOf(service, 'account'), 6000, 'accounts');
    checkSame(await countOf(service, 'importPart'), 0, 'former values');
    checkSame(progressNow(service, importId)?.state, 'undone', 'state after undoing');
    await service.handle({ kind: 'closeProfile' });
  },

  'IMP-04 an import that was interrupted goes on where it was, with no batch and no row done twice': async () => {
    const journal = createFakeJournal();
    const profileId = newProfileId();
    const kept: ImportToKeep[] = [];
    const known = 700;
    const text = [fileFor(known), ...Array.from({ length: 990 }, (_, row) => `Later ${row};Bern;;`)].join('\n');
    const step = (service: DataService, importId: string, rows: string | null) =>
      service.handle({ kind: 'continueImport', importId, rows }) as Promise<ImportStep>;
    const first = openService(losesAnswer(journal, 4), getSegmentStorage(), 1, (work) => kept.push(work));
    await openProfile(first, profileId);
    await applyPage(first, knownAccounts(known).map(putOf));
    const { importId } = (await first.request('startImport', { fileName: 'known.csv', text, plan })) as {
      importId: string;
    };
    checkSame(kept.length, 1, 'imports that are kept');
    checkSame(await step(first, importId, null), { is: 'step', done: 500, total: 1700 }, 'the first batch');
    checkSame(await step(first, importId, null), { is: 'step', done: 1000, total: 1700 }, 'the second batch');
    // It is saved, and the computer goes off before anybody hears of it.
    check(
      await step(first, importId, null).then(
        () => false,
        () => true,
      ),
      'the third batch is not answered',
    );
    const saved = journal.operations.length;
    await first.handle({ kind: 'closeProfile' });
    const second = openService(journal, getSegmentStorage(), 2, (work) => kept.push(work));
    await openProfile(second, profileId);
    checkSame(await step(second, importId, null), { is: 'needsRows' }, 'after a restart');
    checkSame(await step(second, importId, kept[0]?.rows ?? ''), { is: 'step', done: 1700, total: 1700 }, 'the rest');
    checkSame(await step(second, importId, null), { is: 'over' }, 'after the last batch');
    check(journal.operations.length - saved <= 201, 'only the last 200 rows were saved again');
    const { state, read, created, updated, failed } = progressNow(second, importId) ?? {};
    checkSame(
      { state, read, created, updated, failed },
      { state: 'done', read: 1700, created: 1000, updated: 700, failed: 0 },
      'counts',
    );
    checkSame(await countOf(second, 'account'), known + 1000, 'accounts');
    const creates = journal.operations.filter(({ kind, entity }) => kind === 'create' && entity === 'account');
    checkSame(new Set(creates.map(({ recordId }) => recordId)).size, creates.length, 'accounts made twice');
    await second.request('undoImport', { importId });
    await checkRestored(second, known, {});
    checkSame(await countOf(second, 'account'), known, 'accounts after taking it back');
    // What was taken back does not go on, whoever asks.
    checkSame(await step(second, importId, kept[0]?.rows ?? ''), { is: 'over' }, 'after undoing');
    await second.handle({ kind: 'closeProfile' });
  },

  'IMP-04 an import that is stopped keeps what it did, says so, and can be gone on with': async () => {
    const journal = createFakeJournal();
    const kept: ImportToKeep[] = [];
    const service = openService(journal, getSegmentStorage(), 1, (work) => kept.push(work));
    await openProfile(service, newProfileId());
    await applyPage(service, knownAccounts(900).map(putOf));
    const request = { fileName: 'known.csv', text: fileFor(900), plan };
    const { importId } = (await service.request('startImport', request)) as { importId: string };
    await service.handle({ kind: 'continueImport', importId, rows: null });
    await service.handle({ kind: 'stopImport', importId, failure: null });
    checkSame(progressNow(service, importId)?.state, 'failed', 'state');
    checkSame(
      progressNow(service, importId)?.rowErrors.map(({ refusal }) => refusal?.code),
      ['cancelled'],
      'why',
    );
    checkSame(progressNow(service, importId)?.updated, 500, 'rows that are done');
    checkSame(await service.handle({ kind: 'continueImport', importId, rows: null }), { is: 'needsRows' }, 'again');
    await service.handle({ kind: 'continueImport', importId, rows: kept[0]?.rows ?? '' });
    const { state, updated, created, rowErrors } = progressNow(service, importId) ?? {};
    checkSame(
      { state, updated, created, rowErrors },
      { state: 'done', updated: 900, created: 10, rowErrors: [] },
      'the end',
    );
    await service.handle({ kind: 'closeProfile' });
  },

  'IMP-08 an import that broke off is taken back whole, also after a restart': async () => {
    const journal = createFakeJournal();
    const profileId = newProfileId();
    const first = openService(breakOff(journal, 4));
    await openProfile(first, profileId);
    await applyPage(first, knownAccounts(2000).map(putOf));
    const importId = await runImport(first, 2000);
    checkSame(progressNow(first, importId)?.state, 'failed', 'state after the disk was full');
    await first.handle({ kind: 'closeProfile' });
    const second = openService(journal, getSegmentStorage(), 2);
    await openProfile(second, profileId);
    checkSame(progressNow(second, importId)?.state, 'failed', 'state after a restart');
    check((await countOf(second, 'importPart')) >= 2, 'former values of what was done are there');
    await second.request('undoImport', { importId });
    await checkRestored(second, 2000, {});
    await second.handle({ kind: 'closeProfile' });
  },
};
