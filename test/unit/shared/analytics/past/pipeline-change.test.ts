import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRateTable } from '#shared/analytics/convert-money.ts';
import { dealOnDay } from '#shared/analytics/past/deal-on-day.ts';
import { endOfDay } from '#shared/analytics/past/end-of-day.ts';
import {
  changeKinds,
  changeOfDeal,
  createChangeTotals,
  type ChangeScope,
  type ChangeSums,
} from '#shared/analytics/past/pipeline-change.ts';
import { trendOfDeals } from '#shared/analytics/past/pipeline-trend.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { addDays, toDay, toEpochMs, toInstant } from '#shared/kernel/calendar.ts';
import { dealOf, entriesOf, stateOn, type Life } from '../../../../support/deal-lives.ts';

const rates = createRateTable(
  [
    { currency: 'USD', homeCurrency: 'EUR', day: '2026-01-01', rate: '0.8' },
    { currency: 'USD', homeCurrency: 'EUR', day: '2026-08-01', rate: '0.9' },
  ],
  'EUR',
);

const valueOf = (deal: Readonly<Record<string, unknown>>): number | null => {
  const { amount, currency, closeDate } = deal;
  if (typeof amount !== 'number') return null;
  return rates.convert(amount, String(currency), typeof closeDate === 'string' ? closeDate : '2026-02-01');
};

const quarter = { start: '2026-07-01', end: '2026-09-30' };
const everybody: ChangeScope = { period: quarter, isOurs: () => true, valueOf };
const teamOf = (): null => null;

function thenOf(life: Life, day: string): AnyRecord | null {
  return dealOnDay(dealOf(life), entriesOf(life), endOfDay(day, toDay), teamOf);
}

function compare(lives: readonly Life[], from: string, to: string, scope: ChangeScope): ChangeSums {
  const totals = createChangeTotals();
  for (const life of lives) totals.add(changeOfDeal(thenOf(life, from), thenOf(life, to), scope));
  return totals.sums();
}

const start = '2026-02-01T08:00:00.000Z';
const inJune = '2026-06-10T08:00:00.000Z';
const due = '2026-08-15';

/** One deal for each way a pipeline changes, between 31 May and 30 June, asked for the third quarter. */
const company: readonly Life[] = [
  { id: 'stays', events: [{ at: start, values: { amount: 100_00, closeDate: due } }] },
  { id: 'new', events: [{ at: inJune, values: { amount: 50_00, closeDate: due } }] },
  {
    id: 'won',
    events: [
      { at: start, values: { amount: 300_00, closeDate: due } },
      { at: inJune, values: { amount: 320_00 } },
      { at: inJune, values: { stageId: 'won', status: 'won', closeDate: '2026-06-10' } },
    ],
  },
  {
    id: 'lost',
    events: [
      { at: start, values: { amount: 40_00, closeDate: due } },
      { at: inJune, values: { stageId: 'lost', status: 'lost' } },
    ],
  },
  {
    id: 'reopened',
    events: [
      { at: start, values: { amount: 70_00, closeDate: due, stageId: 'lost', status: 'lost' } },
      { at: inJune, values: { stageId: 'new', status: 'open' } },
    ],
  },
  {
    id: 'pulled in',
    events: [
      { at: start, values: { amount: 80_00, closeDate: '2026-12-01' } },
      { at: inJune, values: { closeDate: '2026-09-30' } },
    ],
  },
  {
    id: 'pushed out',
    events: [
      { at: start, values: { amount: 90_00, closeDate: '2026-07-01' } },
      { at: inJune, values: { closeDate: '2026-10-01', amount: 95_00 } },
    ],
  },
  {
    id: 'dollars up',
    events: [
      { at: start, values: { amount: 100_00, currency: 'USD', closeDate: '2026-07-10' } },
      { at: inJune, values: { amount: 150_00 } },
    ],
  },
  {
    id: 'down',
    events: [
      { at: start, values: { amount: 60_00, closeDate: due } },
      { at: inJune, values: { amount: 45_00 } },
    ],
  },
  {
    // 200 dollars at 0.8 in July are 160, at 0.9 in August 180.
    id: 'another rate',
    events: [
      { at: start, values: { amount: 200_00, currency: 'USD', closeDate: '2026-07-10' } },
      { at: inJune, values: { closeDate: '2026-08-10' } },
    ],
  },
  {
    id: 'came and was won',
    events: [
      { at: inJune, values: { amount: 25_00, closeDate: '2026-07-01' } },
      { at: '2026-06-20T08:00:00.000Z', values: { stageId: 'won', status: 'won' } },
    ],
  },
];

describe('what became of a pipeline', () => {
  it('ANA-13 is told deal by deal as worked out by hand, and adds up', () => {
    const sums = compare(company, '2026-05-31', '2026-06-30', everybody);
    // 100 + 300 + 40 + 90 + 80 (dollars) + 60 + 160 (dollars)
    expect(sums.start).toEqual({ count: 7, value: 830_00 });
    const parts = Object.fromEntries(Object.entries(sums.parts).filter(([, { count }]) => count > 0));
    expect(parts).toEqual({
      new: { count: 2, value: 75_00 },
      reopened: { count: 1, value: 70_00 },
      pulledIn: { count: 1, value: 80_00 },
      amountUp: { count: 2, value: 60_00 },
      amountDown: { count: 1, value: -15_00 },
      rates: { count: 1, value: 20_00 },
      pushedOut: { count: 1, value: -90_00 },
      won: { count: 2, value: -345_00 },
      lost: { count: 1, value: -40_00 },
    });
    // 100 + 50 + 70 + 80 + 120 (dollars) + 45 + 180 (dollars)
    expect(sums.end).toEqual({ count: 7, value: 645_00 });
  });

  it('ANA-13 tells a deal that was handed on as leaving one owner and coming to the other', () => {
    const handed: Life = {
      id: 'handed',
      events: [
        { at: start, values: { amount: 500, closeDate: due } },
        { at: inJune, values: { ownerId: 'u2', amount: 700, stageId: 'won', status: 'won' } },
      ],
    };
    const of = (owner: string): ChangeSums =>
      compare([handed], '2026-05-31', '2026-06-30', { ...everybody, isOurs: ({ ownerId }) => ownerId === owner });
    expect(of('u1').parts.handedAway).toEqual({ count: 1, value: -500 });
    expect(of('u1').end).toEqual({ count: 0, value: 0 });
    expect(of('u2').parts).toMatchObject({ handedIn: { value: 700 }, won: { value: -700 } });
  });

  it('ANA-13 counts a deal without an amount, and takes it for worth nothing', () => {
    const bare: Life = { id: 'bare', events: [{ at: inJune, values: { closeDate: due } }] };
    const sums = compare([bare], '2026-05-31', '2026-06-30', everybody);
    expect(sums.parts.new).toEqual({ count: 1, value: 0 });
    expect(sums.end).toEqual({ count: 1, value: 0 });
  });
});

const step = fc.record(
  {
    amount: fc.option(fc.integer({ min: 0, max: 10_000_000 })),
    currency: fc.constantFrom('EUR', 'USD', 'JPY'),
    closeDate: fc.constantFrom(null, '2026-06-30', '2026-07-01', '2026-08-20', '2026-09-30', '2026-10-01'),
    ownerId: fc.constantFrom('u1', 'u2'),
    status: fc.constantFrom('open', 'won', 'lost'),
  },
  { requiredKeys: [] },
);
const anyLives = fc
  .array(
    fc.array(fc.record({ hours: fc.integer({ min: 1, max: 2000 }), values: step }), { minLength: 1, maxLength: 7 }),
    { maxLength: 12 },
  )
  .map((all) =>
    all.map((steps, place): Life => {
      let ms = toEpochMs('2026-02-01');
      return {
        id: `d${String(place)}`,
        events: steps.map(({ hours, values }) => {
          ms += hours * 3_600_000;
          return {
            at: toInstant(ms),
            values: values.status === undefined ? values : { ...values, stageId: values.status },
          };
        }),
      };
    }),
  );
const anyDay = fc.integer({ min: 0, max: 400 }).map((days) => addDays('2026-01-31', days));

describe('what became of any pipeline', () => {
  it('ANA-13 start and parts make the end, to the minor unit, and start and end are those of the days themselves', () => {
    fc.assert(
      fc.property(
        anyLives,
        anyDay,
        anyDay,
        fc.constantFrom(null, 'u1'),
        fc.constantFrom(null, quarter),
        (lives, one, other, owner, period) => {
          const [from, to] = one <= other ? [one, other] : [other, one];
          const isOurs = (deal: Readonly<Record<string, unknown>>): boolean =>
            owner === null || deal['ownerId'] === owner;
          const sums = compare(lives, from, to, { period, isOurs, valueOf });
          let [count, value] = [sums.start.count, sums.start.value];
          for (const kind of changeKinds) value += sums.parts[kind].value;
          const { parts } = sums;
          const came = parts.new.count + parts.reopened.count + parts.pulledIn.count + parts.handedIn.count;
          const went = parts.pushedOut.count + parts.handedAway.count + parts.won.count + parts.lost.count;
          count += came - went;
          const openOn = (day: string) => {
            const open = lives.flatMap((life) => {
              const state = stateOn(life, day);
              const isIn =
                state?.status === 'open' &&
                isOurs(state) &&
                (period === null ||
                  (state.closeDate !== null && state.closeDate >= period.start && state.closeDate <= period.end));
              return isIn ? [valueOf(state) ?? 0] : [];
            });
            return { count: open.length, value: open.reduce((sum, worth) => sum + worth, 0) };
          };
          expect(sums.start).toEqual(openOn(from));
          expect(sums.end).toEqual(openOn(to));
          expect({ count, value }).toEqual(sums.end);
        },
      ),
    );
  });

  it('ANA-13 the trend is what every single day says', () => {
    fc.assert(
      fc.property(anyLives, anyDay, (lives, from) => {
        const moments = Array.from({ length: 60 }, (_, place) => endOfDay(addDays(from, place), toDay));
        const isIn = (deal: Readonly<Record<string, unknown>>): boolean =>
          deal['status'] === 'open' && deal['ownerId'] === 'u1';
        const histories = new Map(lives.map((life) => [life.id, entriesOf(life)]));
        const points = trendOfDeals(lives.map(dealOf), {
          moments,
          entriesOf: (id) => histories.get(id) ?? [],
          teamOf,
          openValueOf: (deal) => (isIn(deal) ? (valueOf(deal) ?? 0) : null),
        });
        for (const point of points) {
          const open = lives.flatMap((life) => {
            const state = stateOn(life, point.day);
            return state !== null && isIn(state) ? [state] : [];
          });
          expect(point.count).toBe(open.length);
          expect(point.value).toBe(open.reduce((sum, state) => sum + (valueOf(state) ?? 0), 0));
        }
      }),
      { numRuns: 50 },
    );
  });
});
