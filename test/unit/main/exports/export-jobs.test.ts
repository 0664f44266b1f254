// Exports among the jobs of this computer: begun when it is their turn, taken back from either side, never begun by themselves after
// the window or the process that wrote the file is gone, and done once more when somebody asks for it.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { defineExports, type ExportJobs } from '#main/exports/export-jobs.ts';
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
  let exports: ExportJobs | null = null;
  const jobs = world.start((defined) => {
    exports = defineExports(defined, {
      onStop: (id) => stopped.push(id),
      onOffered: () => {
        offers += 1;
      },
      log: world.deps.log,
    });
  });
  if (exports === null) throw new Error('not defined');
  return {
    jobs,
    exports: exports as ExportJobs,
    stopped,
    offers: () => offers,
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
  expect(exports.take(PAGE)).toEqual({ id: work.id, again: work.again });
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
  expect(exports.take(PAGE)).toEqual({ id: work.id, again: work.again });
  exports.end({ id: work.id, file: '', rows: 0, failure: { code: 'localJobs.exportForbidden', message: '' } });
  await world.pass(0);
  expect(job()).toMatchObject({ state: 'failed', error: { code: 'localJobs.exportForbidden' } });
  await jobs.close();
});
