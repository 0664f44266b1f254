// Exports among the jobs of this computer: begun when it is their turn, taken back from either side, never begun by themselves after
// the window or the process that wrote the file is gone, and done once more when somebody asks for it.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { defineExports, type ExportJobs } from '#main/exports/export-jobs.ts';
import { createJobsHandlers } from '#main/jobs/jobs-handlers.ts';
import { openJobsWorld, type JobsWorld } from '#test/support/jobs-world.ts';

let world: JobsWorld;
beforeEach(() => {
  world = openJobsWorld();
});
afterEach(() => world.remove());

const work = { id: 'export-1', label: 'Deals · XLSX', again: '{"is":"list"}' };
const PAGE = 7;

function startWith() {
  const stopped: string[] = [];
  let offers = 0;
  let due = 0;
  let chosen: string | null = null;
  let exports: ExportJobs | null = null;
  const jobs = world.start((defined) => {
    exports = defineExports(defined, {
      onStop: (id) => stopped.push(id),
      onOffered: () => {
        offers += 1;
      },
      onDue: () => {
        due += 1;
      },
      chooseFolder: () => Promise.resolve(chosen),
      createId: world.deps.createId,
      zone: () => 'Europe/Berlin',
      log: world.deps.log,
    });
  });
  if (exports === null) throw new Error('not defined');
  return {
    jobs,
    exports: exports as ExportJobs,
    stopped,
    offers: () => offers,
    due: () => due,
    choose: (folder: string | null) => {
      chosen = folder;
    },
    report: () => jobs.list({ kind: 'report' })[0],
    job: () => jobs.list({ kind: 'export' })[0],
    logOf: () => jobs.logOf(jobs.list({ kind: 'export' })[0]?.id ?? '').map(({ text }) => text),
  };
}

const failure = (code: string) => ({
  id: work.id,
  file: '',
  rows: 0,
  failure: { code, message: 'said by the window' },
});

it('OBS-04 IMP-01 an export stands among the jobs with its progress, and is done when its file is saved', async () => {
  const { jobs, exports, job, logOf } = startWith();
  await exports.begin(work, PAGE);
  exports.progress({ id: work.id, done: 250, total: 1000 });
  expect(job()).toMatchObject({ state: 'active', label: 'Deals · XLSX', progress: { done: 250, total: 1000 } });
  exports.end({ id: work.id, file: 'Deals.xlsx', rows: 1000, failure: null });
  await jobs.settled(job()?.id ?? '');
  expect(job()).toMatchObject({ state: 'done', progress: { done: 1000, total: 1000 } });
  await world.pass(0);
  expect(logOf()).toEqual([{ key: 'exportSaved', values: { file: 'Deals.xlsx', count: 1000 } }]);
  await jobs.close();
});

it('OBS-04 IMP-01 an export that failed says why and is not tried again by itself', async () => {
  const { jobs, exports, job, offers } = startWith();
  await exports.begin(work, PAGE);
  exports.end(failure('too_large'));
  await world.pass(3_600_000);
  expect(job()).toMatchObject({ state: 'failed', error: { code: 'too_large', message: 'said by the window' } });
  expect(offers()).toBe(0);
  await jobs.close();
});

it('OBS-04 IMP-01 an export is taken back from the window of jobs, which stops the window that writes it, and from its own dialog', async () => {
  const { jobs, exports, job, stopped } = startWith();
  await exports.begin(work, PAGE);
  await jobs.cancel(job()?.id ?? '');
  await world.pass(0);
  expect(stopped).toEqual([work.id]);
  expect(job()?.state).toBe('cancelled');
  await exports.begin({ ...work, id: 'export-2' }, PAGE);
  await exports.cancel('export-2');
  await world.pass(0);
  expect(job()?.state).toBe('cancelled');
  await jobs.close();
});

it('OBS-04 an export waits while jobs are paused, and whoever takes it back meanwhile is not kept waiting', async () => {
  const { jobs, exports, job } = startWith();
  await jobs.pause('export');
  let isBegun = false;
  const first = exports.begin(work, PAGE).then(() => {
    isBegun = true;
  });
  await world.pass(60_000);
  expect(isBegun).toBe(false);
  expect(job()?.state).toBe('waiting');
  await jobs.resume('export');
  await first;
  exports.end({ id: work.id, file: 'Deals.xlsx', rows: 3, failure: null });
  await jobs.pause('export');
  const second = exports.begin({ ...work, id: 'export-2' }, PAGE);
  await world.pass(0);
  await Promise.all([expect(second).rejects.toMatchObject({ code: 'cancelled' }), exports.cancel('export-2')]);
  await jobs.close();
});

it('OBS-04 IMP-01 an export whose process was killed is told as interrupted and does not begin by itself; asked for, it is done once more by a window', async () => {
  const killed = startWith();
  await killed.exports.begin(work, PAGE);
  // The process is gone: nothing of it is closed.
  const { jobs, exports, job, offers } = startWith();
  await world.pass(600_000);
  expect(job()).toMatchObject({ state: 'failed', error: { code: 'interrupted' } });
  expect([offers(), exports.take(PAGE)]).toEqual([0, null]);
  await jobs.retry(job()?.id ?? '');
  await world.pass(0);
  expect(offers()).toBe(1);
  expect(exports.take(PAGE)).toEqual({ id: work.id, again: work.again, isForFolder: false });
  // One window only.
  expect(exports.take(PAGE + 1)).toBeNull();
  expect(job()?.state).toBe('active');
  exports.end({ id: work.id, file: 'Deals.xlsx', rows: 3, failure: null });
  await world.pass(0);
  expect(job()?.state).toBe('done');
  expect(jobs.list({ kind: 'export' })).toHaveLength(1);
  await jobs.close();
});

it('OBS-04 IMP-01 an export that was under way when Outpost was quit, or its window closed, is interrupted, too', async () => {
  const first = startWith();
  await first.exports.begin(work, PAGE);
  first.exports.notePageGone(PAGE + 1);
  await world.pass(0);
  expect(first.job()?.state).toBe('active');
  const closing = first.jobs.close();
  await world.pass(5_000);
  await closing;
  expect(first.stopped).toEqual([work.id]);
  const { jobs, exports, job } = startWith();
  await world.pass(0);
  expect(job()).toMatchObject({ state: 'failed', error: { code: 'interrupted' } });
  await exports.begin({ ...work, id: 'export-2' }, PAGE);
  exports.notePageGone(PAGE);
  await world.pass(0);
  expect(job()).toMatchObject({ state: 'failed', error: { code: 'interrupted' } });
  await jobs.close();
});

it('OBS-04 nobody is kept from exporting when the jobs cannot be kept', async () => {
  const { jobs, exports } = startWith();
  await jobs.close();
  await exports.begin(work, PAGE);
  exports.end({ id: work.id, file: 'Deals.xlsx', rows: 3, failure: null });
  expect(world.logged).toContain('an export could not be kept among the jobs');
});

it('OBS-04 IMP-01 an export that is done is made anew from what it asked for, also after a start; what else is done is not kept', async () => {
  const first = startWith();
  await first.exports.begin(work, PAGE);
  first.exports.end({ id: work.id, file: 'Deals.xlsx', rows: 3, failure: null });
  await world.pass(0);
  expect(first.job()).toMatchObject({ state: 'done', canRepeat: true });
  await first.jobs.close();
  const { jobs, exports, job, offers } = startWith();
  jobs.define({
    kind: 'once',
    concurrency: 1,
    retry: { attempts: 1, firstPauseMs: 1, longestPauseMs: 1 },
    run: () => Promise.resolve(),
  });
  const once = await jobs.enqueue({ kind: 'once', data: { kept: 'no' } });
  await world.pass(0);
  expect(jobs.list({ kind: 'once' })).toMatchObject([{ state: 'done', canRepeat: false }]);
  await jobs.retry(once);
  expect(jobs.list({ kind: 'once' })).toMatchObject([{ state: 'done' }]);
  expect(exports.take(PAGE)).toBeNull();
  await jobs.retry(job()?.id ?? '');
  await world.pass(0);
  expect(offers()).toBe(1);
  expect(exports.take(PAGE)).toEqual({ id: work.id, again: work.again, isForFolder: false });
  exports.end({ id: work.id, file: '', rows: 0, failure: { code: 'localJobs.exportForbidden', message: '' } });
  await world.pass(0);
  expect(job()).toMatchObject({ state: 'failed', error: { code: 'localJobs.exportForbidden' } });
  await jobs.close();
});

const weekly = {
  label: 'Open deals · CSV',
  again: '{"is":"pivot"}',
  days: 'weekly',
  minuteOfDay: 7 * 60 + 30,
} as const;
const MONDAY = Date.parse('2026-03-09T06:30:00Z');
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A folder on another disk, as it were. */
function makeFolder(): string {
  const folder = path.join(world.profile.directory, 'reports');
  mkdirSync(folder);
  return folder;
}

it('OBS-04 a report is made when its time comes, into the folder that was chosen, under its name when all of it is there', async () => {
  const { jobs, exports, choose, due, report, offers } = startWith();
  expect(await exports.plan(weekly)).toBeNull();
  const folder = makeFolder();
  choose(folder);
  expect(await exports.plan(weekly)).toEqual({ folder });
  expect(jobs.overview().plans).toMatchObject([
    { kind: 'report', label: `Open deals · CSV → ${folder}`, canRemove: true, nextAt: new Date(MONDAY).toISOString() },
  ]);
  expect(exports.take(PAGE)).toBeNull();
  await world.pass(MONDAY - world.deps.clock.now());
  expect([due(), offers()]).toEqual([1, 0]);
  const taken = exports.take(PAGE);
  expect(taken).toMatchObject({ again: weekly.again, isForFolder: true });
  const id = taken?.id ?? '';
  await exports.add({ id, bytes: bytesOf('stage;count\n') });
  await exports.add({ id, bytes: bytesOf('Won;7\n') });
  expect(readdirSync(folder).filter((name) => !name.endsWith('.part'))).toEqual([]);
  for (const file of ['../elsewhere.csv', '.hidden', ''])
    await expect(exports.keep({ id, file })).rejects.toMatchObject({ code: 'invalid' });
  await exports.keep({ id, file: 'Open deals 2026-03-09.csv' });
  exports.end({ id, file: 'Open deals 2026-03-09.csv', rows: 1, failure: null });
  await jobs.settled(report()?.id ?? '');
  await world.turns();
  expect(report()).toMatchObject({ state: 'done', label: `Open deals · CSV → ${folder}`, canRepeat: true });
  expect(readdirSync(folder)).toEqual(['Open deals 2026-03-09.csv']);
  expect(readFileSync(path.join(folder, 'Open deals 2026-03-09.csv'), 'utf8')).toBe('stage;count\nWon;7\n');
  await jobs.close();
});

it('OBS-04 a report waits for a window, goes on in another one, and once more after a restart; nothing half stays in the folder', async () => {
  const first = startWith();
  const folder = makeFolder();
  first.choose(folder);
  await first.exports.plan({ ...weekly, days: 'daily' });
  await world.pass(86_400_000);
  const begun = first.exports.take(PAGE);
  await first.exports.add({ id: begun?.id ?? '', bytes: bytesOf('half') });
  first.exports.notePageGone(PAGE);
  await vi.waitFor(() => expect(readdirSync(folder)).toEqual([]));
  await vi.waitFor(() => expect(first.report()).toMatchObject({ state: 'delayed' }));
  await world.pass(1_000);
  expect(first.report()).toMatchObject({ state: 'active' });
  const closing = first.jobs.close();
  await world.pass(4_000);
  await closing;
  const second = startWith();
  await world.turns();
  const again = second.exports.take(PAGE + 1);
  expect(again).toMatchObject({ id: begun?.id, isForFolder: true });
  await second.exports.add({ id: begun?.id ?? '', bytes: bytesOf('whole') });
  await second.exports.keep({ id: begun?.id ?? '', file: 'Open deals.csv' });
  second.exports.end({ id: begun?.id ?? '', file: 'Open deals.csv', rows: 1, failure: null });
  await second.jobs.settled(begun?.id ?? '');
  expect(readFileSync(path.join(folder, 'Open deals.csv'), 'utf8')).toBe('whole');
  await second.jobs.close();
});

it('OBS-04 a folder that is gone is told and never made anew, a plan for it is refused, and a report can be taken away', async () => {
  const { jobs, exports, choose, report } = startWith();
  const folder = makeFolder();
  choose(path.join(folder, 'nowhere'));
  await expect(exports.plan(weekly)).rejects.toMatchObject({ code: 'export_folder_gone' });
  choose(folder);
  await exports.plan(weekly);
  rmSync(folder, { recursive: true });
  await world.pass(MONDAY - world.deps.clock.now());
  const id = exports.take(PAGE)?.id ?? '';
  await expect(exports.add({ id, bytes: bytesOf('rows') })).rejects.toMatchObject({ code: 'export_folder_gone' });
  exports.end({ id, file: '', rows: 0, failure: { code: 'export_folder_gone', message: '' } });
  await jobs.settled(report()?.id ?? '');
  await world.turns();
  expect(report()).toMatchObject({ state: 'failed', error: { code: 'export_folder_gone' } });
  expect(existsSync(folder)).toBe(false);
  const { 'localJobs.removePlan': remove } = createJobsHandlers(jobs);
  const sender = { role: 'jobs', url: '', isTopFrame: true, page: 1 } as const;
  await jobs.schedule({ name: 'own', kind: 'report', cron: '0 * * * *', zone: 'UTC', data: null });
  await expect(remove({ name: 'own' }, sender)).rejects.toMatchObject({ code: 'blocked' });
  await remove({ name: jobs.overview().plans.find(({ canRemove }) => canRemove)?.name ?? '' }, sender);
  expect(jobs.overview().plans.map(({ name }) => name)).toEqual(['own']);
  await jobs.close();
});
