// A file of 100,000 rows in a real page on real IndexedDB: reading it, previewing it and importing it while somebody else
// goes on asking and saving. Answers figures; throws where a row is unaccounted for.
import { parseTable } from '#renderer/features/import/read-table-file.ts';
import type { ImportPreview, ImportProgress } from '#renderer/data/data-contract.ts';
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
} from '#test/renderer/data/data-fixture.ts';

const ROWS = 100_000;
const KNOWN = 2_000;
const BAD = 500;
/** What the main process refuses as one operation. */
const MAX_OPERATION_BYTES = 1024 * 1024;

export interface LargeImportFigures {
  readonly readMs: number;
  readonly previewMs: number;
  readonly importMs: number;
  readonly longestBlockMs: number;
  readonly slowestAnswerMs: number;
  readonly slowestSaveMs: number;
}

/** Notices when the page could not run anything for a while. */
function watchBlocks(): { longestMs: number; stop(): void } {
  let lastMs = performance.now();
  const watch = {
    longestMs: 0,
    stop: () => clearInterval(timer),
  };
  const timer = setInterval(() => {
    const nowMs = performance.now();
    watch.longestMs = Math.max(watch.longestMs, nowMs - lastMs);
    lastMs = nowMs;
  }, 5);
  return watch;
}

function makeText(): string {
  const lines = ['Company;City;Website'];
  for (let row = 0; row < ROWS - KNOWN - BAD; row += 1) lines.push(`Firm ${row};"Zürich, Kreis\n${row % 12}";`);
  for (let row = 0; row < KNOWN; row += 1) lines.push(`Known ${row};Basel;`);
  for (let row = 0; row < BAD; row += 1) lines.push(`Bad ${row};;not a url`);
  return lines.join('\r\n');
}

async function measure<Value>(work: () => Promise<Value>): Promise<{ readonly value: Value; readonly tookMs: number }> {
  const startMs = performance.now();
  return { value: await work(), tookMs: performance.now() - startMs };
}

export const cases: Record<string, () => Promise<LargeImportFigures>> = {
  'IMP-04 100,000 rows are all accounted for, and others are answered meanwhile': async () => {
    const journal = createFakeJournal();
    const service = openService(journal);
    await openProfile(service, newProfileId());
    const known = Array.from({ length: KNOWN }, (_, index) =>
      putOf(makeRecord('account', `known-${index}`, 1, { name: `Known ${index}` })),
    );
    await applyPage(service, known);
    const text = makeText();
    const read = await measure(() => Promise.resolve(parseTable(text)));
    checkSame(read.value.table.rows.length, ROWS, 'rows read');
    const columns = [
      { header: 'Company', field: 'name' },
      { header: 'City', field: 'billingCity' },
      { header: 'Website', field: 'website' },
    ];
    const plan = { entity: 'account', currency: 'EUR', matchBy: ['name'], onMatch: 'update', columns } as const;
    const request = { fileName: 'large.csv', text, plan };
    const preview = await measure(async () => (await service.request('previewImport', request)) as ImportPreview);
    const { read: readCount, create, update, failed } = preview.value;
    checkSame([readCount, create, update, failed], [ROWS, ROWS - KNOWN - BAD, KNOWN, BAD], 'preview');

    const startMs = performance.now();
    const { importId } = (await service.request('startImport', request)) as { importId: string };
    const blocks = watchBlocks();
    const progress = collectAnswers(service, 'importProgress', { importId });
    const last = (): ImportProgress | null => progress.values.at(-1) ?? null;
    let slowestAnswerMs = 0;
    let slowestSaveMs = 0;
    let saves = 0;
    while (last()?.state === undefined || last()?.state === 'running') {
      const search = await measure(() => service.request('search', { text: 'Known 7', limit: 10 }));
      slowestAnswerMs = Math.max(slowestAnswerMs, search.tookMs);
      const values = { name: `Typed meanwhile ${saves}` };
      const save = await measure(() => execute(service, 'createRecord', { entity: 'account', values }));
      slowestSaveMs = Math.max(slowestSaveMs, save.tookMs);
      saves += 1;
      await new Promise((resolve) => setTimeout(resolve, 100));
      check(performance.now() - startMs < 240_000, `the import did not end: ${JSON.stringify(last())}`);
    }
    const importMs = performance.now() - startMs;
    blocks.stop();
    const done = last();
    checkSame(
      [done?.state, done?.read, done?.created, done?.updated, done?.skipped, done?.failed, done?.total],
      ['done', ROWS, ROWS - KNOWN - BAD, KNOWN, 0, BAD, ROWS],
      'counts',
    );
    const state = (await service.request('databaseState', {})) as { readonly counts: Readonly<Record<string, number>> };
    checkSame(state.counts['account'], ROWS - BAD + saves, 'accounts in the database');
    check(saves > 3, 'somebody else could save while it ran');
    const largest = journal.operations.reduce((most, operation) => Math.max(most, JSON.stringify(operation).length), 0);
    check(largest < MAX_OPERATION_BYTES, `an operation of ${largest} bytes would never be taken`);
    await service.handle({ kind: 'closeProfile' });
    return {
      readMs: read.tookMs,
      previewMs: preview.tookMs,
      importMs,
      longestBlockMs: blocks.longestMs,
      slowestAnswerMs,
      slowestSaveMs,
    };
  },
};
