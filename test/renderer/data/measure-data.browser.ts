// Measures the data host with 100,000 records: apply, open, lists, search, board, one edit. Run by data-host.bench.ts.
import {
  applyPage,
  createFakeJournal,
  execute,
  makeRecord,
  newProfileId,
  openProfile,
  openService,
  putOf,
  collectAnswers,
} from '#test/renderer/data/data-fixture.ts';
import { defaultStages } from '#shared/entities/default-pipeline.ts';
import { createSeededRandom } from '#shared/kernel/seeded-random.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';

const RECORDS = 100_000;
const PAGE = 2000;
const words =
  'nord berg fjord alpen stern wald hafen turm blau gold kraft haus licht werk gut rhein main elbe donau eiche'.split(
    ' ',
  );

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 100) / 100;
}

function* makeWorld(): Generator<AnyRecord> {
  const random = createSeededRandom(7);
  const name = (): string =>
    `${random.pick(words)}${random.pick(words)} ${random.pick(words)} ${String(random.integer(1, 9999))}`;
  yield makeRecord('pipeline', 'p1', 1, { name: 'Sales', stages: defaultStages });
  for (let index = 0; index < 50; index += 1)
    yield makeRecord('user', `u${String(index)}`, 1, { name: `User ${name()}`, email: `u${String(index)}@x.test` });
  for (let index = 0; index < RECORDS * 0.15; index += 1)
    yield makeRecord('account', `a${String(index)}`, 1, { name: name(), billingCity: random.pick(words), phone: '1' });
  for (let index = 0; index < RECORDS * 0.35; index += 1) {
    yield makeRecord('contact', `c${String(index)}`, 1, {
      name: name(),
      email: `${random.pick(words)}.${String(index)}@x.test`,
      accountId: `a${String(random.integer(0, RECORDS * 0.15 - 1))}`,
    });
  }
  for (let index = 0; index < RECORDS * 0.5; index += 1) {
    const stage = random.pick(defaultStages);
    const day = `2026-${String(random.integer(1, 12)).padStart(2, '0')}-${String(random.integer(1, 28)).padStart(2, '0')}`;
    yield makeRecord('deal', `d${String(index)}`, 1, {
      name: name(),
      accountId: `a${String(random.integer(0, RECORDS * 0.15 - 1))}`,
      pipelineId: 'p1',
      stageId: stage.id,
      status: stage.type,
      probability: stage.probability,
      amount: random.integer(1000, 9_000_000),
      currency: 'EUR',
      closeDate: day,
      ownerId: `u${String(random.integer(0, 49))}`,
      stageChangedAt: `${day}T10:00:00.000Z`,
      updatedAt: `${day}T12:00:00.000Z`,
    });
  }
}

async function time(task: () => unknown): Promise<number> {
  const startedMs = performance.now();
  await task();
  return Math.round((performance.now() - startedMs) * 100) / 100;
}

export const cases: Record<string, () => Promise<unknown>> = {
  measure: async () => {
    const result: Record<string, unknown> = {};
    const records = [...makeWorld()];
    const profileId = newProfileId();
    let service = openService(createFakeJournal());
    await openProfile(service, profileId);
    let pages = 0;
    const applyMs = await time(async () => {
      for (let at = 0; at < records.length; at += PAGE) {
        await applyPage(service, records.slice(at, at + PAGE).map(putOf), {
          snapshotStart: at === 0,
          caughtUp: at + PAGE >= records.length,
          token: `t${String(at)}`,
        });
        pages += 1;
      }
    });
    result['applied records/s'] = Math.round((records.length / applyMs) * 1000);
    result['pages'] = pages;
    await service.handle({ kind: 'closeProfile' });
    service = openService(createFakeJournal());
    result['open ms'] = await time(() => openProfile(service, profileId));
    const list = { entity: 'deal', sort: [{ field: 'amount', direction: 'desc' }], offset: 0, limit: 100 } as const;
    result['first list of 50,000 deals ms'] = await time(() => collectAnswers(service, 'list', list).stop());
    result['scrolled window ms'] = await time(() =>
      collectAnswers(service, 'list', { ...list, offset: 20_000 }).stop(),
    );
    result['sorted by account name ms'] = await time(() =>
      collectAnswers(service, 'list', { ...list, sort: [{ field: 'accountId', direction: 'asc' }] }).stop(),
    );
    result['filtered ms'] = await time(() =>
      collectAnswers(service, 'list', {
        ...list,
        filter: {
          and: [
            { field: 'status', op: 'eq', value: 'open' },
            { field: 'amount', op: 'gt', value: 500_000 },
            { field: 'closeDate', op: 'withinDays', value: 90 },
          ],
        },
      }).stop(),
    );
    const board = { pipelineId: 'p1', swimlane: 'none', closedWithinDays: 90, ranges: {} } as const;
    result['first board ms'] = await time(() => collectAnswers(service, 'board', board).stop());
    result['board again ms'] = await time(() => collectAnswers(service, 'board', board).stop());
    result['board by owner ms'] = await time(() =>
      collectAnswers(service, 'board', { ...board, swimlane: 'owner' }).stop(),
    );
    result['aggregate by stage ms'] = await time(() =>
      collectAnswers(service, 'aggregate', { entity: 'deal', groupBy: 'stageId', sums: ['amount', 'weighted'] }).stop(),
    );
    result['index ready after open ms'] = await time(() => service.request('search', { text: 'berg', limit: 10 }));
    const searches: number[] = [];
    for (const text of [
      'b',
      'be',
      'berg',
      'nordberg',
      'nordbrg',
      'fjord gold 42',
      'gold',
      'wald x',
      'elbedonau main',
      'u1@x',
      'a',
      'haf tur',
      'xyzzyx',
      'stern 77',
    ]) {
      for (let round = 0; round < 5; round += 1)
        searches.push(await time(() => service.request('search', { text, limit: 20 })));
    }
    result['search p50 ms'] = percentile(searches, 0.5);
    result['search p95 ms'] = percentile(searches, 0.95);
    result['list with search ms'] = await time(() =>
      collectAnswers(service, 'list', { ...list, search: 'nordb gold' }).stop(),
    );
    const watching = [
      collectAnswers(service, 'list', list),
      collectAnswers(service, 'board', board),
      collectAnswers(service, 'list', { ...list, sort: [{ field: 'closeDate', direction: 'asc' }] }),
    ];
    const edits: number[] = [];
    for (let index = 0; index < 60; index += 1) {
      edits.push(
        await time(() =>
          execute(service, 'updateRecord', {
            entity: 'deal',
            id: `d${String(index * 7)}`,
            values: { amount: 9_500_000 + index },
          }),
        ),
      );
    }
    result['edit until every live answer has it p50 ms'] = percentile(edits, 0.5);
    result['edit p95 ms'] = percentile(edits, 0.95);
    result['page of 2,000 changes with live questions ms'] = await time(() =>
      applyPage(
        service,
        records.slice(60_000, 62_000).map((record) => putOf({ ...record, rev: 2, name: 'changed' })),
      ),
    );
    const ids = Array.from({ length: 5000 }, (_, index) => `d${String(index)}`);
    result['bulk edit of 5,000 ms'] = await time(() =>
      execute(service, 'bulkUpdate', { entity: 'deal', ids, values: { nextStep: 'call' } }),
    );
    const removals = Array.from(
      { length: 20_000 },
      (_, index) => ({ t: 'remove', coll: 'deals', id: `d${String(index + 10_000)}` }) as const,
    );
    result['purge of 20,000 ms'] = await time(() => applyPage(service, removals));
    for (const one of watching) one.stop();
    const memory = (performance as unknown as { memory?: { usedJSHeapSize: number } }).memory;
    result['heap MB'] = Math.round((memory?.usedJSHeapSize ?? 0) / 1e6);
    await service.handle({ kind: 'wipe', profileId });
    return result;
  },
};
