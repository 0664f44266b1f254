import { describe, expect, it } from 'vitest';
import { createRecordMirror, type RecordMirror } from '#renderer/data/record-mirror.ts';
import { createDealEntries } from '#shared/analytics/past/deal-entries.ts';
import { createPivots, type Pivots } from '#shared/analytics/pivots.ts';
import type { PivotAnswer } from '#shared/analytics/pivot-question.ts';
import type { PivotSpec } from '#shared/analytics/pivot-spec.ts';
import { createSeededRandom } from '#shared/kernel/seeded-random.ts';
import { addDays, toDay, toEpochMs, toInstant } from '#shared/kernel/calendar.ts';
import { dealOf, historyOf, recordOf, stateOn, type Life } from '../../../../support/deal-lives.ts';

const today = '2026-11-21';

const byStage: PivotSpec = {
  source: 'deal',
  filter: { and: [{ field: 'status', op: 'eq', value: 'open' }] },
  rows: [{ field: 'stageId' }],
  columns: [],
  values: [
    { id: 'count', kind: 'field', aggregation: 'count' },
    { id: 'amount', kind: 'field', aggregation: 'sum', field: 'amount' },
  ],
};

function put(mirror: RecordMirror, life: Life): void {
  mirror.change([dealOf(life), ...historyOf(life)].map((after) => ({ entity: after.kind, id: after.id, after })));
}

function cells({ result }: PivotAnswer): Record<string, readonly number[]> {
  const width = result.columns.length * result.values.length;
  return Object.fromEntries(
    result.rows.map(({ path }, row) => [
      path.length === 0 ? 'total' : String(path[0]),
      Array.from(result.cells.subarray(row * width, row * width + 2)),
    ]),
  );
}

function ask(pivots: Pivots, asOf: string | undefined, spec: PivotSpec = byStage): PivotAnswer {
  return pivots.answer({ spec: asOf === undefined ? spec : { ...spec, asOf } }).value;
}

function start(): { readonly mirror: RecordMirror; readonly pivots: Pivots } {
  const mirror = createRecordMirror();
  return { mirror, pivots: createPivots({ source: mirror, today: () => today }, toDay) };
}

const life: Life = {
  id: 'd1',
  events: [
    { at: '2026-03-02T09:00:00.000Z', values: { amount: 10_000, closeDate: '2026-06-30' } },
    { at: '2026-04-01T09:00:00.000Z', values: { amount: 25_000 } },
    { at: '2026-05-05T09:00:00.000Z', values: { stageId: 'offer' } },
  ],
};

function randomLives(count: number): readonly Life[] {
  const random = createSeededRandom(7);
  return Array.from({ length: count }, (_, place): Life => {
    let ms = toEpochMs('2026-01-05') + random.integer(0, 199) * 86_400_000;
    const events = Array.from({ length: random.integer(1, 5) }, () => {
      ms += random.integer(1, 40 * 86_400_000);
      const status = random.pick(['open', 'open', 'open', 'won', 'lost']);
      const stageId = status === 'open' ? random.pick(['new', 'offer']) : status;
      return { at: toInstant(ms), values: { amount: random.integer(0, 100_000), stageId, status } };
    });
    return { id: `r${String(place)}`, events };
  });
}

describe('a pivot as of a past day', () => {
  it('ANA-13 counts what was there then, with what it was worth, and follows late news', () => {
    const { mirror, pivots } = start();
    put(mirror, life);
    expect(cells(ask(pivots, undefined))).toEqual({ total: [1, 25_000], offer: [1, 25_000] });
    expect(cells(ask(pivots, '2026-03-15'))).toEqual({ total: [1, 10_000], new: [1, 10_000] });
    expect(cells(ask(pivots, '2026-04-20'))).toEqual({ total: [1, 25_000], new: [1, 25_000] });
    put(mirror, { id: 'd2', events: [{ at: '2026-03-10T09:00:00.000Z', values: { amount: 500 } }] });
    expect(cells(ask(pivots, '2026-03-15'))).toEqual({ total: [2, 10_500], new: [2, 10_500] });
    expect(cells(ask(pivots, '2026-03-05'))).toEqual({ total: [1, 10_000], new: [1, 10_000] });
    mirror.change([{ entity: 'deal', id: 'd1', after: undefined }]);
    expect(cells(ask(pivots, '2026-03-15'))).toEqual({ total: [1, 500], new: [1, 500] });
    pivots.stop();
  });

  it('ANA-13 is not moved by what happens today, and names are today’s', () => {
    const { mirror, pivots } = start();
    put(mirror, life);
    const before = cells(ask(pivots, '2026-04-20'));
    const later = { at: `${today}T09:00:00.000Z`, values: { amount: 1, stageId: 'won', status: 'won' } };
    put(mirror, { id: 'd1', events: [...life.events, later] });
    expect(ask(pivots, undefined).result.records).toBe(0);
    expect(cells(ask(pivots, '2026-04-20'))).toEqual(before);
    expect(cells(ask(pivots, addDays(today, -1)))).toEqual({ total: [1, 25_000], offer: [1, 25_000] });
    pivots.stop();
  });

  it('ANA-13 equals what was kept beside it, for every day and after every change', () => {
    const { mirror, pivots } = start();
    const lives = randomLives(120);
    for (const one of lives.slice(0, 60)) put(mirror, one);
    const days = Array.from({ length: 9 }, (_, place) => addDays('2026-02-01', place * 33));
    for (const [place, day] of [...days, ...days].entries()) {
      const known = place < days.length ? lives.slice(0, 60) : lives;
      if (place === days.length) for (const one of lives.slice(60)) put(mirror, one);
      const open = known.flatMap((one) => {
        const state = stateOn(one, day);
        return state?.status === 'open' ? [state] : [];
      });
      const total = open.reduce((sum, { amount }) => sum + Number(amount), 0);
      expect([day, cells(ask(pivots, day))['total']]).toEqual([day, [open.length, total]]);
    }
    pivots.stop();
  });

  it('ANA-13 leads from a cell to the records that were behind it', () => {
    const { mirror, pivots } = start();
    put(mirror, life);
    const spec = { ...byStage, asOf: '2026-03-15' };
    expect([...pivots.recordsOf({ spec, row: ['new'], column: [] })]).toEqual(['d1']);
    expect([...pivots.recordsOf({ spec, row: ['offer'], column: [] })]).toEqual([]);
    pivots.stop();
  });

  it('ANA-13 says which fields are those of today, and what a day to come or before everything means', () => {
    const { mirror, pivots } = start();
    put(mirror, life);
    const spec: PivotSpec = {
      ...byStage,
      rows: [{ field: 'leadSource' }, { field: 'ownerId.teamId' }, { field: 'stageId' }],
    };
    expect(ask(pivots, '2026-03-15', spec).past).toEqual({
      day: '2026-03-15',
      isAhead: false,
      ofToday: ['leadSource', 'ownerId.teamId'],
      knownFrom: null,
      exactFrom: '2026-04-01',
    });
    const ahead = ask(pivots, '2027-01-01');
    expect(ahead.past).toMatchObject({ isAhead: true });
    expect(cells(ahead)).toEqual(cells(ask(pivots, undefined)));
    const early = ask(pivots, '2020-01-01');
    expect(early.result.records).toBe(0);
    expect(early.past).toMatchObject({ isAhead: false, knownFrom: '2026-03-02' });
    pivots.stop();
  });

  it('ANA-13 counts other records from the day they were made, and entries of the history from the day they tell of', () => {
    const { mirror, pivots } = start();
    put(mirror, life);
    const account = recordOf('account', 'a1', { name: 'A', createdAt: '2026-02-02T10:00:00.000Z' });
    mirror.change([{ entity: 'account', id: 'a1', after: account }]);
    const count = (source: PivotSpec['source'], asOf: string): number =>
      ask(pivots, asOf, { source, rows: [], columns: [], values: [{ id: 'n', kind: 'field', aggregation: 'count' }] })
        .result.records;
    expect([count('account', '2026-02-01'), count('account', '2026-02-02')]).toEqual([0, 1]);
    expect([count('stageChange', '2026-05-04'), count('stageChange', '2026-05-05')]).toEqual([1, 2]);
    pivots.stop();
  });

  it('ANA-13 asks relative dates as they would have been asked on that day', () => {
    const { mirror, pivots } = start();
    put(mirror, life);
    const spec: PivotSpec = {
      ...byStage,
      filter: { and: [{ field: 'closeDate', op: 'withinDays', value: 30 }] },
    };
    expect(ask(pivots, '2026-06-15', spec).result.records).toBe(1);
    expect(ask(pivots, '2026-05-15', spec).result.records).toBe(0);
    pivots.stop();
  });
});

describe('the entries of a deal', () => {
  it('SYNC-31 stand in the order in which they were accepted; what is not sent yet is last', () => {
    const mirror = createRecordMirror();
    const entry = (id: string, createdAt: string, occurredAt: string, pending: readonly string[] = []) => ({
      entity: 'stageChange' as const,
      id,
      after: { ...recordOf('stageChange', id, { dealId: 'd', createdAt, occurredAt }), pending },
    });
    mirror.change([
      entry('late', '2026-05-09T00:00:00.000Z', '2026-05-01T00:00:00.000Z'),
      entry('unsent', '2026-05-01T00:00:00.000Z', '2026-05-01T00:00:00.000Z', ['op']),
      entry('first', '2026-05-02T00:00:00.000Z', '2026-05-02T00:00:00.000Z'),
    ]);
    const ids = (): readonly string[] => entries.of('d').map(({ record }) => record.id);
    const entries = createDealEntries(mirror);
    expect(ids()).toEqual(['first', 'late', 'unsent']);
    entries.change(mirror.get('stageChange', 'late'), undefined);
    expect(ids()).toEqual(['first', 'unsent']);
  });
});
