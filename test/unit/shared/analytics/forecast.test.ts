import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accuracyAtCheckpoints, accuracyOf, meanAccuracy } from '#shared/analytics/forecast-accuracy.ts';
import { confidenceOf, intervalOf, type OpenDeal } from '#shared/analytics/forecast-confidence.ts';
import {
  historicalForecast,
  runRateForecast,
  scenarioForecast,
  scenarioNames,
  weightedForecast,
} from '#shared/analytics/forecast-methods.ts';
import { addShare, categoryOf, emptySums, toDealShare } from '#shared/analytics/forecast-sums.ts';
import {
  countWorkingDays,
  daysOf,
  horizonOf,
  isPeriodStart,
  periodOf,
  periodTypes,
  shiftPeriod,
  weekdayOf,
} from '#shared/kernel/periods.ts';
import { standingOf } from '#shared/analytics/quota-attainment.ts';
import { addDays } from '#shared/kernel/calendar.ts';
import { propertyRuns } from '../../../support/sample-entities.ts';

const workingDays = [1, 2, 3, 4, 5];
const same = (minorUnits: number) => minorUnits;

describe('periods', () => {
  test.each([
    ['month', '2024-02-29', 1, '2024-02-01', '2024-02-29'],
    ['quarter', '2026-11-27', 1, '2026-10-01', '2026-12-31'],
    ['quarter', '2026-01-15', 2, '2025-11-01', '2026-01-31'],
    ['quarter', '2026-03-31', 4, '2026-01-01', '2026-03-31'],
    ['year', '2026-03-31', 4, '2025-04-01', '2026-03-31'],
    ['year', '2026-04-01', 4, '2026-04-01', '2027-03-31'],
  ] as const)('ANA-21 the %s of %s in a year from month %i is %s to %s', (type, day, start, first, last) => {
    expect(periodOf(type, day, start)).toEqual({ start: first, end: last });
  });

  test('ANA-21 every day lies in its period, periods follow each other, and only their first day begins one', () => {
    const days = fc.integer({ min: -20_000, max: 40_000 }).map((count) => addDays('2000-01-01', count));
    fc.assert(
      fc.property(days, fc.constantFrom(...periodTypes), fc.integer({ min: 1, max: 12 }), (day, type, start) => {
        const period = periodOf(type, day, start);
        expect(period.start <= day && day <= period.end).toBe(true);
        expect(isPeriodStart(type, day, start)).toBe(day === period.start);
        const next = shiftPeriod(type, period, 1);
        expect(next.start).toBe(addDays(period.end, 1));
        expect(shiftPeriod(type, next, -1)).toEqual(period);
        const counted = Array.from({ length: daysOf(period) }, (_, at) => addDays(period.start, at));
        expect(counted.at(-1)).toBe(period.end);
        expect(countWorkingDays(period, workingDays)).toBe(counted.filter((each) => weekdayOf(each) <= 5).length);
      }),
      propertyRuns,
    );
  });

  test('ANA-04 a horizon begins today and ends so many days later', () => {
    expect(horizonOf('2026-11-27', 30)).toEqual({ start: '2026-11-27', end: '2026-12-27' });
    expect([weekdayOf('2026-11-27'), weekdayOf('1969-12-29')]).toEqual([5, 1]);
  });
});

describe('categories and methods', () => {
  test('ANA-20 a won deal is closed and a lost one omitted, whatever category stands in it', () => {
    expect(categoryOf({ status: 'won', forecastCategory: 'omitted' })).toBe('closed');
    expect(categoryOf({ status: 'lost', forecastCategory: 'commit' })).toBe('omitted');
    expect(categoryOf({ status: 'open', forecastCategory: 'most_likely' })).toBe('most_likely');
    expect(categoryOf({ status: 'open', forecastCategory: null })).toBe('pipeline');
  });

  const sums = emptySums();
  for (const [status, category, amount, probability] of [
    ['won', 'closed', 1000, 100],
    ['open', 'commit', 400, 75],
    ['open', 'most_likely', 300, 60],
    ['open', 'best_case', 201, 50],
    ['open', 'pipeline', 100, 10],
    ['open', 'omitted', 5000, 90],
    ['lost', 'omitted', 7000, 0],
  ] as const) {
    addShare(sums, toDealShare({ status, forecastCategory: category, amount, probability }, same), 1);
  }

  test('ANA-20 weighted adds open deals by their probability to what is closed; omitted and lost deals are in nothing', () => {
    expect(weightedForecast(sums)).toBe(1000 + 300 + 180 + 101 + 10);
    expect([sums.lost, sums.count.omitted]).toEqual([1, 2]);
  });

  test('ANA-20 taking out what was put in leaves nothing', () => {
    const again = emptySums();
    const share = toDealShare({ status: 'open', forecastCategory: 'commit', amount: 333, probability: 33 }, () => null);
    addShare(again, share, 1);
    expect([again.unpriced, again.count.commit, again.amount.commit]).toEqual([1, 1, 0]);
    addShare(again, share, -1);
    expect(again).toEqual(emptySums());
  });

  test('ANA-21 the scenarios are what their names say', () => {
    const input = { expected: 1591, sums, trustedCommit: 400 * 0.9, customFactor: 0.5 };
    const named = Object.fromEntries(scenarioNames.map((name) => [name, scenarioForecast(name, input)]));
    expect(named).toEqual({
      expected: 1591,
      best: 1000 + 400 + 300 + 201,
      worst: 1000 + 360,
      conservative: 1273,
      aggressive: 1909,
      custom: 796,
    });
  });

  test('ANA-20 history weighs a stage by the deals that were won from it, and the stage itself where there were too few', () => {
    const open = [
      { stageId: 'proposal', amount: 1000, probability: 50 },
      { stageId: 'negotiation', amount: 1000, probability: 75 },
    ];
    const outcomes = new Map([
      ['proposal', { won: 3, closed: 10 }],
      ['negotiation', { won: 9, closed: 9 }],
    ]);
    expect(historicalForecast(200, open, outcomes)).toBe(200 + 300 + 750);
  });

  test('ANA-20 a run rate goes on as in the last 90 days for the working days that are left', () => {
    const period = { start: '2026-10-01', end: '2026-12-31' };
    // 90 days up to Thursday 26 November hold 64 working days, from the 27th on 25 are left.
    const input = { period, today: '2026-11-27', workingDays, closed: 500, recent: 6400 };
    expect(runRateForecast(input)).toBe(500 + 2500);
    expect(runRateForecast({ ...input, today: '2027-01-01' })).toBe(500);
    expect(runRateForecast({ ...input, workingDays: [] })).toBe(500);
  });
});

describe('confidence', () => {
  test.each([
    [30, 0.8, 'high'],
    [30, 0.79, 'medium'],
    [30, null, 'medium'],
    [15, 1, 'medium'],
    [14, 1, 'low'],
    [0, null, 'low'],
  ] as const)('ANA-20 %i closed deals and an accuracy of %s give %s confidence', (closed, accuracy, level) => {
    expect(confidenceOf(closed, accuracy)).toBe(level);
  });

  const history = { won: 60, lost: 40 };
  const deals = (count: number): OpenDeal[] => Array.from({ length: count }, () => ({ amount: 100, probability: 0.5 }));

  test('ANA-20 the range is the same for the same seed, and another for another', () => {
    const input = { closed: 1000, open: deals(40).map((deal, at) => ({ ...deal, amount: 97 + 13 * at })), history };
    const range = intervalOf({ ...input, seed: 'north 2026-10-01' });
    expect(range).toEqual(intervalOf({ ...input, seed: 'north 2026-10-01' }));
    expect(range).not.toEqual(intervalOf({ ...input, seed: 'south 2026-10-01' }));
  });

  test('ANA-20 the range holds about four of five outcomes, whether deals are played or added up as a normal sum', () => {
    const history_ = { won: 10_000, lost: 0 };
    for (const count of [1500, 1501]) {
      const { low, high } = intervalOf({ closed: 0, open: deals(count), history: history_, seed: 's' });
      // Mean 75,000; one standard deviation is 100 × √(1500 / 4) = 1,936; four of five lie within 1.28 of them.
      expect(Math.abs(low - (75_000 - 2481))).toBeLessThan(400);
      expect(Math.abs(high - (75_000 + 2481))).toBeLessThan(400);
    }
  });

  test('ANA-20 the range never leaves what is possible, and few outcomes make it wider', () => {
    fc.assert(
      fc.property(fc.nat(30), fc.nat(5000), fc.string(), (count, closed, seed) => {
        const { low, high } = intervalOf({ closed, open: deals(count), history, seed });
        expect(closed <= low && low <= high && high <= closed + count * 100).toBe(true);
      }),
      { ...propertyRuns, numRuns: 40 },
    );
    const width = (outcomes: typeof history): number => {
      const { low, high } = intervalOf({ closed: 0, open: deals(400), history: outcomes, seed: 's' });
      return high - low;
    };
    expect(width({ won: 6, lost: 4 })).toBeGreaterThan(2 * width({ won: 600, lost: 400 }));
  });
});

describe('accuracy', () => {
  test('ANA-20 accuracy is one less the relative miss, never below zero', () => {
    expect([
      accuracyOf(90, 100),
      accuracyOf(110, 100),
      accuracyOf(300, 100),
      accuracyOf(0, 0),
      accuracyOf(1, 0),
    ]).toEqual([0.9, 0.9, 0, 1, 0]);
  });

  test('ANA-20 a past period is measured by the last submission up to its start, middle and end', () => {
    const period = { start: '2026-07-01', end: '2026-09-30' };
    const submissions = [
      { at: '2026-09-30T16:00:00.000Z', commit: 95 },
      { at: '2026-07-20T08:00:00.000Z', commit: 70 },
      { at: '2026-08-16T22:00:00.000Z', commit: 80 },
      { at: '2026-10-02T08:00:00.000Z', commit: 100 },
    ];
    expect(accuracyAtCheckpoints(period, submissions, 100)).toEqual({ start: null, middle: 0.8, end: 0.95 });
    expect([meanAccuracy([null, 0.8, 0.9]), meanAccuracy([null])]).toEqual([(0.8 + 0.9) / 2, null]);
  });
});

describe('quotas', () => {
  const base = {
    quota: 1000,
    closed: 300,
    open: 2100,
    commit: 900,
    period: { start: '2026-11-01', end: '2026-11-30' },
    today: '2026-11-13',
    workingDays,
  };

  test('ANA-20 attainment, coverage, gap and pace by working days', () => {
    // 21 working days in November 2026, 10 of them up to Friday the 13th.
    expect(standingOf(base)).toEqual({
      attainment: 0.3,
      coverage: 3,
      gap: 100,
      pace: 300 / ((1000 * 10) / 21),
      state: 'behind',
    });
  });

  test.each([
    [1000, '2026-11-13', 'achieved'],
    [524, '2026-11-13', 'ahead'],
    [430, '2026-11-13', 'onTrack'],
    [428, '2026-11-13', 'behind'],
    [999, '2026-12-01', 'missed'],
    [0, '2026-10-31', null],
  ] as const)('ANA-20 %i of 1000 closed by %s is %s', (closed, today, state) => {
    expect(standingOf({ ...base, closed, today }).state).toBe(state);
  });

  test('ANA-20 without a quota, or with nothing left to cover, there is no number', () => {
    const nothing = { attainment: null, coverage: null, gap: null, pace: null, state: null };
    expect(standingOf({ ...base, quota: null })).toEqual(nothing);
    expect(standingOf({ ...base, closed: 1200 }).coverage).toBeNull();
    expect(standingOf({ ...base, today: '2026-10-31' }).pace).toBeNull();
  });
});
