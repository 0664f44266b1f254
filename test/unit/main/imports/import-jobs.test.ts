// Imports as jobs of the main process: batch after batch, on after a killed process, paused between two batches, taken back.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { defineImports } from '#main/imports/import-jobs.ts';
import type { HostRequest } from '#shared/ipc/host-request.ts';
import type { ImportStep } from '#shared/import/import-steps.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { openJobsWorld, type JobsWorld } from '#test/support/jobs-world.ts';

let world: JobsWorld;
beforeEach(() => {
  world = openJobsWorld();
});
afterEach(() => world.remove());

const BATCHES = 4;

/** The data host: what is done is on its disk, the rows are in memory only. */
function openHost() {
  const disk = { done: 0, stops: [] as unknown[] };
  const host = {
    hasRows: true,
    isReady: true,
    failWith: null as OutpostError | null,
    atBatch: (_done: number): unknown => undefined,
  };
  async function ask(request: HostRequest): Promise<unknown> {
    if (request.kind === 'stopImport') {
      disk.stops.push(request.failure?.code ?? null);
      return null;
    }
    if (request.kind !== 'continueImport') throw new Error(`nobody asks ${request.kind}`);
    if (host.failWith !== null) throw host.failWith;
    if (disk.done === BATCHES) return { is: 'over' } satisfies ImportStep;
    if (!host.hasRows && request.rows === null) return { is: 'needsRows' } satisfies ImportStep;
    if (request.rows !== null) expect(request.rows).toBe('the rows');
    host.hasRows = true;
    disk.done += 1;
    await host.atBatch(disk.done);
    return { is: 'step', done: disk.done * 500, total: BATCHES * 500 } satisfies ImportStep;
  }
  return { disk, host, ask };
}

const work = { importId: 'import-1', fileName: 'customers.csv', rows: 'the rows' };

function startWith(of: ReturnType<typeof openHost>) {
  let keep: (kept: typeof work) => Promise<void> = () => Promise.reject(new Error('not defined'));
  const jobs = world.start((defined) => {
    keep = defineImports(defined, { ask: of.ask, isHostReady: () => of.host.isReady });
  });
  return { jobs, keep: () => keep(work), job: () => jobs.list({ kind: 'import' })[0] };
}

it('IMP-04 an import is done batch by batch, tells how far it is, and is kept once', async () => {
  const of = openHost();
  const { jobs, keep, job } = startWith(of);
  await keep();
  await keep();
  expect(jobs.list({ kind: 'import' })).toHaveLength(1);
  await jobs.settled(job()?.id ?? '');
  expect(of.disk).toEqual({ done: BATCHES, stops: [] });
  expect(job()).toMatchObject({ state: 'done', label: 'customers.csv', progress: { done: 2000, total: 2000 } });
  expect(jobs.logOf(job()?.id ?? '').map(({ text }) => text)).toContainEqual({
    key: 'rowsDone',
    values: { done: 1500, total: 2000 },
  });
  await jobs.close();
});

it('IMP-04 OFF-01 an import whose process was killed goes on at the next start with its rows, as soon as the local database is open', async () => {
  const of = openHost();
  const first = startWith(of);
  of.host.atBatch = (done) => (done === 2 ? new Promise(() => undefined) : undefined);
  await first.keep();
  await world.pass(0);
  expect(of.disk.done).toBe(2);
  // The process is gone: nothing of it is closed.
  Object.assign(of.host, { hasRows: false, isReady: false, atBatch: () => undefined });
  const second = startWith(of);
  await world.pass(5_000);
  expect([of.disk.done, second.job()?.state]).toEqual([2, 'delayed']);
  of.host.isReady = true;
  of.host.failWith = new OutpostError('not_signed_in', 'Nobody is signed in');
  await world.pass(60_000);
  of.host.failWith = null;
  await world.pass(2_000);
  expect(of.disk).toEqual({ done: BATCHES, stops: [] });
  expect(second.job()).toMatchObject({ state: 'done', attempts: 1 });
  await second.jobs.close();
});

it('IMP-04 an import that is paused stops between two batches and goes on when it is resumed', async () => {
  const of = openHost();
  const { jobs, keep, job } = startWith(of);
  of.host.atBatch = (done) => (done === 2 ? jobs.pause('import') : undefined);
  await keep();
  await world.pass(10_000);
  expect([of.disk.done, job()?.state, jobs.isPaused('import')]).toEqual([2, 'waiting', true]);
  await jobs.resume('import');
  await world.pass(1_000);
  expect([of.disk.done, job()?.state]).toEqual([BATCHES, 'done']);
  await jobs.close();
});

it('IMP-04 an import that is taken back says so in its record, running or paused, and is gone on with when somebody wants it', async () => {
  const of = openHost();
  const { jobs, keep, job } = startWith(of);
  of.host.atBatch = (done) => (done === 1 ? jobs.cancel(job()?.id ?? '') : undefined);
  await keep();
  await world.pass(1_000);
  expect([of.disk, job()?.state]).toEqual([{ done: 1, stops: [null] }, 'cancelled']);
  await jobs.pause('import');
  await jobs.retry(job()?.id ?? '');
  await world.pass(1_000);
  await jobs.cancel(job()?.id ?? '');
  await world.pass(1_000);
  expect([of.disk, job()?.state]).toEqual([{ done: 1, stops: [null, null] }, 'cancelled']);
  of.host.hasRows = false;
  await jobs.resume('import');
  await jobs.retry(job()?.id ?? '');
  await world.pass(1_000);
  expect([of.disk.done, job()?.state]).toEqual([BATCHES, 'done']);
  await jobs.close();
});

it('IMP-04 an import that fails is tried again, and when it is given up its record says why', async () => {
  const of = openHost();
  const { jobs, keep, job } = startWith(of);
  of.host.failWith = new OutpostError('disk_full', 'No space left.');
  await keep();
  await world.pass(3_000);
  expect([job()?.state, of.disk.stops]).toEqual(['retrying', []]);
  await world.pass(600_000);
  expect([job()?.state, job()?.error?.code, of.disk.stops]).toEqual(['failed', 'disk_full', ['disk_full']]);
  await jobs.close();
});
