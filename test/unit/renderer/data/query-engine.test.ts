import { describe, expect, it } from 'vitest';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { createAggregates } from '#renderer/data/queries/aggregate-query.ts';
import { createBoards } from '#renderer/data/queries/board-query.ts';
import { createDealHistories } from '#shared/analytics/metrics/deal-histories.ts';
import { createFieldIndex } from '#renderer/data/queries/field-index.ts';
import type { QueryContext } from '#renderer/data/queries/query-context.ts';
import { answerList } from '#renderer/data/queries/list-queries.ts';
import { answerTimeline } from '#renderer/data/queries/timeline-query.ts';
import { createLiveQueries } from '#renderer/data/queries/live-queries.ts';
import { createSearchIndex } from '#renderer/data/queries/search-index.ts';
import { createSortedViews } from '#renderer/data/queries/sorted-views.ts';
import { createStageDurations } from '#shared/analytics/metrics/stage-durations.ts';
import { isOneMistakeAway } from '#renderer/data/queries/postings.ts';
import { createRecordMirror, type RecordMirror } from '#renderer/data/record-mirror.ts';
import { medianOf, stageStays } from '#shared/analytics/stage-stays.ts';
import { defaultStages } from '#shared/entities/default-pipeline.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { createSeededRandom } from '#shared/kernel/seeded-random.ts';
import { createAskedOn } from '#shared/query/asked-on.ts';
import { compareBySort } from '#shared/query/compare-by-sort.ts';
import { matchesFilter } from '#shared/query/evaluate-filter.ts';
import type { Filter, Sort } from '#shared/query/filter.ts';

const TODAY = '2026-11-21';
const clock = { now: () => Date.parse(`${TODAY}T12:00:00Z`) };

function makeRecord(kind: EntityName, id: string, values: Readonly<Record<string, unknown>>): LocalRecord {
  const at = '2026-11-01T00:00:00.000Z';
  const envelope = { createdAt: at, createdBy: null, updatedAt: at, updatedBy: null, ownerId: null, teamId: null };
  return { ...envelope, id, kind, rev: 1, pending: [], ...values };
}

function putAll(mirror: RecordMirror, records: readonly LocalRecord[]): void {
  mirror.change(records.map((record) => ({ entity: record.kind, id: record.id, after: record })));
}

/** Delayed work is run by the returned `settle`. */
function createContext(): { mirror: RecordMirror; context: QueryContext; settle: () => void } {
  const mirror = createRecordMirror();
  const tasks: (() => void)[] = [];
  const search = createSearchIndex(mirror, (task) => tasks.push(task));
  const today = (): string => TODAY;
  const askedOn = createAskedOn(mirror, today);
  const context = {
    source: mirror,
    search,
    today,
    askedOn,
    index: createFieldIndex(mirror),
    views: createSortedViews(mirror, search, askedOn),
  };
  const settle = (): void => {
    for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) task();
  };
  return { mirror, context, settle };
}

const sortings: readonly (readonly Sort[])[] = [
  [{ field: 'name', direction: 'asc' }],
  [{ field: 'amount', direction: 'desc' }],
  [
    { field: 'status', direction: 'asc' },
    { field: 'closeDate', direction: 'desc' },
  ],
  [{ field: 'accountId', direction: 'asc' }],
];
const filters: readonly (Filter | undefined)[] = [
  undefined,
  { field: 'status', op: 'eq', value: 'open' },
  {
    or: [
      { field: 'amount', op: 'gt', value: 500 },
      { field: 'name', op: 'startsWith', value: 'ä' },
    ],
  },
];

describe('sorted views', () => {
  it('CRM-14 after any changes a list is what filtering and sorting everything gives', () => {
    const random = createSeededRandom(11);
    const { mirror, context } = createContext();
    putAll(
      mirror,
      ['a1', 'a2', 'a3'].map((id) => makeRecord('account', id, { name: random.pick(['Zeta', 'Äpfel', 'beta']) })),
    );
    const draw = (id: string): LocalRecord =>
      makeRecord('deal', id, {
        name: random.pick(['Äther', 'ather', 'Berg', 'berg 2', '']),
        amount: random.pick([null, 100, 700, 900]),
        status: random.pick(['won', 'open', 'lost', 'unknown']),
        closeDate: random.pick([null, '2026-01-01', '2026-12-01']),
        accountId: random.pick([null, 'a1', 'a2', 'a3', 'unknown']),
      });
    for (let round = 0; round < 60; round += 1) {
      const count = random.chance(0.05) ? 450 : random.integer(1, 6);
      const next = Array.from({ length: count }, () => {
        const id = `d${String(random.integer(0, 80))}`;
        return { entity: 'deal', id, after: random.chance(0.2) ? undefined : draw(id) } as const;
      });
      mirror.change(next);
      if (random.chance(0.1)) putAll(mirror, [makeRecord('account', 'a2', { name: random.pick(['Alpha', 'Omega']) })]);
      for (const sort of sortings) {
        for (const filter of filters) {
          const labels = Object.fromEntries(
            [...mirror.all('account').values()].map((record) => [record.id, String(record['name'])]),
          );
          const expected = [...mirror.all('deal').values()]
            .filter((record) => filter === undefined || matchesFilter(entities.deal, filter, record, context.askedOn()))
            .sort(compareBySort(entities.deal, sort, labels));
          const query = {
            entity: 'deal',
            sort,
            offset: 0,
            limit: 1000,
            ...(filter === undefined ? {} : { filter }),
          } as const;
          const { rows, total } = answerList(context, query).value;
          expect(rows.map((row) => row.id)).toEqual(expected.map((row) => row.id));
          expect(total).toBe(expected.length);
        }
      }
    }
  });

  it('CRM-14 a list is narrowed by beginnings of words, the same before and after the index is built', () => {
    const { mirror, context, settle } = createContext();
    const names = ['Müller Nord', 'Nordwind', 'Süd Mueller', 'Nord Müll'];
    putAll(
      mirror,
      names.map((name, index) => makeRecord('account', `a${String(index)}`, { name })),
    );
    const query = {
      entity: 'account',
      search: 'nord mull',
      sort: [{ field: 'name', direction: 'asc' }],
      offset: 0,
      limit: 10,
    } as const;
    const found = (): unknown => answerList(context, query).value.rows.map((row) => row['name']);
    expect(found()).toEqual(['Müller Nord', 'Nord Müll']);
    settle();
    putAll(mirror, [makeRecord('account', 'a9', { name: 'Mullrose Nordost' })]);
    expect(found()).toEqual(['Müller Nord', 'Mullrose Nordost', 'Nord Müll']);
  });
});

describe('records by a value of a field', () => {
  it('CRM-09 are found by each of several values, and follow every change of them', () => {
    const { mirror, context } = createContext();
    putAll(mirror, [makeRecord('mailMessage', 'm1', { contactIds: ['a', 'b'] })]);
    const found = (value: string) => context.index.find('mailMessage', 'contactIds', value).map(({ id }) => id);
    expect([found('a'), found('b'), found('c')]).toEqual([['m1'], ['m1'], []]);
    const after = makeRecord('mailMessage', 'm1', { contactIds: ['b', 'c'] });
    mirror.change([{ entity: 'mailMessage', id: 'm1', after }]);
    expect([found('a'), found('b'), found('c')]).toEqual([[], ['m1'], ['m1']]);
    mirror.change([{ entity: 'mailMessage', id: 'm1', after: undefined }]);
    expect([found('b'), found('c')]).toEqual([[], []]);
  });
});

describe('search', () => {
  it('CRM-14 what came with many others is found by whoever searches, and its words are not looked at before', async () => {
    const { mirror, context, settle } = createContext();
    settle();
    const many = Array.from({ length: 300 }, (_, number) =>
      makeRecord('account', `a${number}`, { name: `Berg ${number}` }),
    );
    putAll(mirror, many);
    expect(context.search.candidates('account', 'Berg 299'), 'not complete').toBeNull();
    // Changed and removed before anybody looked at it.
    putAll(mirror, [makeRecord('account', 'a1', { name: 'Tal' })]);
    mirror.change([{ entity: 'account', id: 'a2', after: undefined }]);
    const asked = ['Berg 299', 'Tal', 'Berg 2', 'Berg 1'].map((text) => context.search.search(text, 400));
    settle();
    const [last, renamed, removed, other] = (await Promise.all(asked)).map((records) => records.map(({ id }) => id));
    expect(last).toEqual(['a299']);
    expect(renamed).toEqual(['a1']);
    expect(removed).not.toContain('a2');
    expect(other).not.toContain('a1');
    expect(context.search.candidates('account', 'Berg 299')).toEqual(['a299']);
  });

  it('CRM-14 finds words by their beginning, forgives one mistake when little is found, and forgets removed records', async () => {
    const { mirror, context, settle } = createContext();
    putAll(mirror, [
      makeRecord('account', 'a1', { name: 'Bergmann Maschinen' }),
      makeRecord('contact', 'c1', { name: 'Eva Berg', email: 'eva@berg.test' }),
    ]);
    settle();
    const find = async (text: string): Promise<readonly string[]> =>
      (await context.search.search(text, 10)).map((record) => record.id);
    expect(await find('berg')).toEqual(['c1', 'a1']);
    expect(await find('eva berg')).toEqual(['c1']);
    expect(await find('bregmann')).toEqual(['a1']);
    mirror.change([{ entity: 'account', id: 'a1', after: undefined }]);
    expect(await find('bergmann')).toEqual([]);
    settle();
    expect(await find('maschinen')).toEqual([]);
    putAll(mirror, [makeRecord('contact', 'c1', { name: 'Eva Tal', email: 'eva@berg.test' })]);
    expect(await find('tal')).toEqual(['c1']);
    expect(await find('berg')).toEqual(['c1']);
  });

  it('CRM-14 among equal hits the customer comes before the deals, and what is under way before what is over', async () => {
    const { mirror, context, settle } = createContext();
    putAll(mirror, [
      ...Array.from({ length: 40 }, (_, index) =>
        makeRecord('deal', `lost${index}`, { name: 'Talheim', status: 'lost' }),
      ),
      makeRecord('deal', 'open', { name: 'Talheim', status: 'open' }),
      makeRecord('task', 'task', { subject: 'Talheim', status: 'open' }),
      makeRecord('account', 'account', { name: 'Talheim' }),
    ]);
    settle();
    const found = (await context.search.search('tal', 12)).map((record) => record.id);
    expect(found.slice(0, 2)).toEqual(['account', 'open']);
  });

  it('one mistake is a wrong, missing, additional or swapped letter, also at the beginning', () => {
    for (const term of ['berk', 'brg', 'beerg', 'breg', 'ebrg', 'xberg', 'erg', 'xerg'])
      expect([term, isOneMistakeAway(term, 'bergmann')]).toEqual([term, true]);
    for (const term of ['tal', 'brk', 'bxxg', 'gerb'])
      expect([term, isOneMistakeAway(term, 'bergmann')]).toEqual([term, false]);
  });
});

describe('aggregates', () => {
  it('TSK-06 counts and sums follow every change', () => {
    const random = createSeededRandom(5);
    const { mirror, context } = createContext();
    const aggregates = createAggregates(context);
    const query = {
      entity: 'deal',
      groupBy: 'stageId',
      sums: ['amount', 'weighted'],
      filter: { field: 'amount', op: 'gt', value: 100 },
    } as const;
    for (let round = 0; round < 50; round += 1) {
      const id = `d${String(random.integer(0, 20))}`;
      const values = {
        stageId: random.pick(['s1', 's2']),
        amount: random.integer(0, 400),
        probability: random.pick([10, 33]),
      };
      mirror.change([{ entity: 'deal', id, after: random.chance(0.3) ? undefined : makeRecord('deal', id, values) }]);
      const all = [...mirror.all('deal').values()].filter((record) => Number(record['amount']) > 100);
      for (const group of aggregates.answer(query).value.groups) {
        const own = all.filter((record) => record['stageId'] === group.key);
        const weighted = own.map((record) =>
          Math.round((Number(record['amount']) * Number(record['probability'])) / 100),
        );
        expect(group.count).toBe(own.length);
        expect(group.sums['weighted']).toBe(weighted.reduce((sum, value) => sum + value, 0));
      }
      expect(aggregates.answer(query).value.groups.reduce((sum, group) => sum + group.count, 0)).toBe(all.length);
    }
  });
});

describe('board', () => {
  function createBoard() {
    const parts = createContext();
    putAll(parts.mirror, [
      makeRecord('pipeline', 'p', { name: 'Sales', stages: defaultStages }),
      makeRecord('user', 'u1', { name: 'Zoe' }),
      makeRecord('user', 'u2', { name: 'Adam' }),
    ]);
    const durations = createStageDurations(parts.mirror, createDealHistories(parts.mirror), clock);
    return { ...parts, boards: createBoards(parts.context, durations, clock) };
  }
  const question = { pipelineId: 'p', swimlane: 'none', closedWithinDays: 90, ranges: {} } as const;
  const deal = (id: string, values: Readonly<Record<string, unknown>>): LocalRecord =>
    makeRecord('deal', id, {
      pipelineId: 'p',
      stageId: 'proposal',
      currency: 'EUR',
      amount: 1000,
      probability: 50,
      ...values,
    });

  it('DSK-01 cells count and add up, follow a move, and never mix currencies', () => {
    const { mirror, boards } = createBoard();
    putAll(mirror, [deal('d1', { amount: 1001 }), deal('d2', {}), deal('d3', { currency: 'USD', amount: 7 })]);
    const before = boards.answer(question).value;
    expect(before.currency).toBe('EUR');
    expect(before.cells['proposal|all']).toMatchObject({ count: 3, total: 2001, weighted: 1001 });
    putAll(mirror, [deal('d1', { amount: 1001, stageId: 'negotiation', probability: 75 })]);
    const after = boards.answer(question).value;
    expect(after.cells['proposal|all']).toMatchObject({ count: 2, total: 1000 });
    expect(after.cells['negotiation|all']).toMatchObject({ count: 1, total: 1001, weighted: 751 });
  });

  it('CRM-07 an open deal whose stage was taken away stands in the first column until it is moved, and is never out of sight', () => {
    const { mirror, boards } = createBoard();
    putAll(mirror, [deal('d1', { status: 'open', stageId: 'gone' }), deal('d2', { status: 'lost', stageId: 'gone' })]);
    expect(boards.answer(question).value.cells['prospecting|all']).toMatchObject({ count: 1, total: 1000 });
    putAll(mirror, [deal('d1', { status: 'open', stageId: 'proposal' })]);
    const { cells } = boards.answer(question).value;
    expect([cells['prospecting|all']?.count, cells['proposal|all']?.count]).toEqual([0, 1]);
  });

  it('DSK-01 lanes are owners in the order of their names, and ranges choose the cards', () => {
    const { mirror, boards } = createBoard();
    const dates = ['2026-12-03', '2026-12-01', '2026-12-02'];
    putAll(
      mirror,
      dates.map((closeDate, index) => deal(`d${String(index)}`, { ownerId: 'u1', closeDate })),
    );
    putAll(mirror, [deal('d9', { ownerId: 'u2' })]);
    const ranges = { 'proposal|u1': { offset: 1, limit: 1 } };
    const { lanes, cells } = boards.answer({ ...question, swimlane: 'owner', ranges }).value;
    expect(lanes.map(({ label, count, total }) => [label, count, total])).toEqual([
      ['Adam', 1, 1000],
      ['Zoe', 3, 3000],
    ]);
    expect(cells['proposal|u1']?.cards.map((card) => card.record.id)).toEqual(['d2']);
    expect(cells['proposal|u1']?.count).toBe(3);
  });

  it('DSK-01 deals closed long ago are left out unless asked for', () => {
    const { mirror, boards } = createBoard();
    putAll(mirror, [
      deal('old', { stageId: 'closed_won', closedAt: '2026-01-01T00:00:00.000Z' }),
      deal('new', { stageId: 'closed_won', closedAt: '2026-11-01T00:00:00.000Z' }),
    ]);
    expect(boards.answer(question).value.cells['closed_won|all']?.count).toBe(1);
    expect(boards.answer({ ...question, closedWithinDays: null }).value.cells['closed_won|all']?.count).toBe(2);
  });

  it('DSK-01 a deal is stale after 30 days, or after one and a half times what ten won deals needed', () => {
    const { mirror, context, boards } = createBoard();
    putAll(mirror, [
      deal('d1', { stageChangedAt: '2026-11-10T12:00:00.000Z' }),
      deal('d2', { stageChangedAt: '2026-10-01T12:00:00.000Z' }),
    ]);
    const stale = (made: typeof boards): unknown =>
      made
        .answer(question)
        .value.cells['proposal|all']?.cards.map((card) => [card.record.id, card.stageDays, card.stale]);
    expect(stale(boards)).toEqual([
      ['d1', 11, false],
      ['d2', 51, true],
    ]);
    for (let index = 0; index < 10; index += 1) {
      const id = `won${String(index)}`;
      const move = (toStage: string, occurredAt: string): LocalRecord =>
        makeRecord('stageChange', `${id}-${toStage}`, { dealId: id, pipelineId: 'p', toStage, occurredAt });
      putAll(mirror, [
        deal(id, { stageId: 'closed_won', status: 'won', closedAt: '2026-11-01T00:00:00.000Z' }),
        move('proposal', '2026-02-01T00:00:00.000Z'),
        move('closed_won', '2026-02-07T00:00:00.000Z'),
      ]);
    }
    const later = createBoards(context, createStageDurations(mirror, createDealHistories(mirror), clock), clock);
    expect(stale(later)).toEqual([
      ['d1', 11, true],
      ['d2', 51, true],
    ]);
  });

  it('a stay is counted once per stage though a deal came back to it, and the median of an even count lies between', () => {
    const stays = stageStays([
      { toStage: 'a', occurredAt: '2026-01-01T00:00:00.000Z' },
      { toStage: 'b', occurredAt: '2026-01-03T00:00:00.000Z' },
      { toStage: 'a', occurredAt: '2026-01-04T00:00:00.000Z' },
      { toStage: 'won', occurredAt: '2026-01-05T00:00:00.000Z' },
    ]);
    expect([...stays]).toEqual([
      ['a', 3],
      ['b', 1],
    ]);
    expect(medianOf([4, 1, 3, 2])).toBe(2.5);
  });
});

describe('timeline', () => {
  it('CRM-18 a deal shows activities, tasks, moves and its creation, newest first', () => {
    const { mirror, context } = createContext();
    putAll(mirror, [
      makeRecord('deal', 'd1', { name: 'Deal', createdAt: '2026-01-01T00:00:00.000Z' }),
      makeRecord('activity', 'x1', { dealId: 'd1', occurredAt: '2026-03-01T00:00:00.000Z' }),
      makeRecord('task', 't1', { dealId: 'd1', createdAt: '2026-02-01T00:00:00.000Z' }),
      makeRecord('stageChange', 's1', { dealId: 'd1', toStage: 'a', occurredAt: '2026-04-01T00:00:00.000Z' }),
      makeRecord('activity', 'x2', { dealId: 'other', occurredAt: '2026-03-01T00:00:00.000Z' }),
    ]);
    const everything = { kinds: [], personId: null, text: '', textFields: [], withHidden: false, offset: 0, limit: 10 };
    const { events, days } = answerTimeline(context, { entity: 'deal', id: 'd1', ...everything }).value;
    expect(events.map(({ id, kind }) => [id, kind])).toEqual([
      ['stageChange s1', 'stage'],
      ['activity x1', 'note'],
      ['task t1', 'task'],
      ['created d1', 'created'],
    ]);
    expect(days.map(({ count }) => count)).toEqual([1, 1, 1, 1]);
  });
});

describe('live questions', () => {
  it('a burst of changes is answered once, and an answer that did not change is not sent', () => {
    const { mirror, context } = createContext();
    const tasks: (() => void)[] = [];
    let nowMs = 100;
    const live = createLiveQueries({ source: mirror, nowMs: () => nowMs, after: (_delayMs, task) => tasks.push(task) });
    const totals: number[] = [];
    const onError = (error: unknown): never => {
      throw error;
    };
    const query = { entity: 'account', sort: [{ field: 'name', direction: 'asc' }], offset: 0, limit: 2 } as const;
    live.watch(() => answerList(context, query), {
      onValue: (value) => totals.push((value as { total: number }).total),
      onError,
    });
    for (let index = 0; index < 50; index += 1)
      putAll(mirror, [makeRecord('account', `a${String(index)}`, { name: `n${String(index)}` })]);
    expect(tasks.length).toBe(1);
    nowMs += 20;
    tasks.shift()?.();
    expect(totals).toEqual([0, 50]);
    putAll(mirror, [makeRecord('account', 'a9', { name: 'n9', phone: 'beyond the window' })]);
    nowMs += 20;
    tasks.shift()?.();
    expect(totals).toEqual([0, 50]);
  });

  it('a question that fails does not keep others from their answers', () => {
    const { mirror, context } = createContext();
    const live = createLiveQueries({ source: mirror, nowMs: () => 0, after: () => undefined });
    const query = { entity: 'account', sort: [], offset: 0, limit: 2 } as const;
    const seen: string[] = [];
    live.watch(
      () => {
        if (mirror.all('account').size > 0) throw new Error('broken');
        return answerList(context, query);
      },
      { onValue: () => seen.push('first'), onError: () => seen.push('failed') },
    );
    live.watch(() => answerList(context, query), {
      onValue: () => seen.push('other'),
      onError: () => seen.push('never'),
    });
    putAll(mirror, [makeRecord('account', 'a1', { name: 'n' })]);
    live.flush();
    expect(seen).toEqual(['first', 'other', 'failed', 'other']);
  });

  it('a question that failed is asked again with any change, and its answer is sent even when it is the one of before', () => {
    const { mirror, context } = createContext();
    let nowMs = 0;
    const live = createLiveQueries({ source: mirror, nowMs: () => nowMs, after: () => undefined });
    const query = { entity: 'account', sort: [], offset: 0, limit: 2 } as const;
    const seen: string[] = [];
    let isBroken = true;
    live.watch(
      () => {
        if (isBroken) throw new Error('broken');
        return answerList(context, query);
      },
      { onValue: () => seen.push('answer'), onError: () => seen.push('failed') },
    );
    const change = (name: string): void => {
      nowMs += 20;
      putAll(mirror, [makeRecord('contact', 'c1', { lastName: name })]);
      live.flush();
    };
    change('still broken');
    isBroken = false;
    change('whole');
    isBroken = true;
    live.markAll();
    change('broken');
    isBroken = false;
    change('whole again');
    expect(seen).toEqual(['failed', 'answer', 'failed', 'answer']);
  });

  it('a question that may wait long keeps none from its answer that may not', () => {
    const { mirror, context } = createContext();
    let nowMs = 0;
    const timers: { atMs: number; task: () => void }[] = [];
    const live = createLiveQueries({
      source: mirror,
      nowMs: () => nowMs,
      after: (delayMs, task) => timers.push({ atMs: nowMs + delayMs, task }),
    });
    const seen: string[] = [];
    const watch = (entity: EntityName, minIntervalMs?: number): void => {
      const query = { entity, sort: [], offset: 0, limit: 2 } as const;
      const onValue = (): unknown => seen.push(`${entity} ${String(nowMs)}`);
      live.watch(() => answerList(context, query), { onValue, onError: () => seen.push('failed') }, minIntervalMs);
    };
    const go = (untilMs: number): void => {
      for (; nowMs < untilMs; nowMs += 1) for (const timer of timers.filter(({ atMs }) => atMs === nowMs)) timer.task();
    };
    watch('account', 1000);
    watch('contact');
    nowMs = 50;
    putAll(mirror, [makeRecord('account', 'a1', { name: 'n' })]);
    go(60);
    putAll(mirror, [makeRecord('contact', 'c1', { lastName: 'n' })]);
    go(1100);
    expect(seen).toEqual(['account 0', 'contact 0', 'contact 60', 'account 1000']);
  });
});
