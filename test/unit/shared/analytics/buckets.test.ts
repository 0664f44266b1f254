import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bucketOf,
  keyOfBucket,
  readDay,
  toCivilDay,
  toDayNumber,
  toDayText,
  yearBefore,
} from '#shared/analytics/pivot/buckets.ts';
import type { DateUnit } from '#shared/analytics/pivot-spec.ts';
import { toDay } from '#shared/kernel/calendar.ts';

const keyOf = (day: string, unit: DateUnit, start = 1): string =>
  keyOfBucket(bucketOf(readDay(day), unit, start), unit);
const before = (day: string, unit: DateUnit, start = 1): string | null => {
  const bucket = yearBefore(bucketOf(readDay(day), unit, start), unit);
  return bucket === null ? null : keyOfBucket(bucket, unit);
};

describe('ANA-15 buckets of days', () => {
  it('ANA-15 know the calendar from the year 0 to the year 9999', () => {
    fc.assert(
      fc.property(fc.integer({ min: -719_528, max: 2_932_896 }), (day) => {
        expect(toDayText(day)).toBe(toDay(day * 86_400_000));
        expect(readDay(toDayText(day))).toBe(day);
        const { year, month, day: dayOfMonth } = toCivilDay(day);
        expect(toDayNumber(year, month, dayOfMonth)).toBe(day);
      }),
      { seed: 1, numRuns: 2000 },
    );
  });

  it('ANA-15 name years, quarters, months, days and weekdays', () => {
    expect(keyOf('2024-02-29', 'year')).toBe('2024');
    expect(keyOf('2024-02-29', 'quarter')).toBe('2024-Q1');
    expect(keyOf('2024-12-31', 'quarter')).toBe('2024-Q4');
    expect(keyOf('2024-02-29', 'month')).toBe('2024-02');
    expect(keyOf('2024-02-29', 'day')).toBe('2024-02-29');
    expect(keyOf('2024-02-29', 'weekday')).toBe('4');
    expect([keyOf('2026-11-23', 'weekday'), keyOf('2026-11-29', 'weekday')]).toEqual(['1', '7']);
  });

  it('ANA-15 number weeks as ISO 8601 does, week 53 and the turn of the year included', () => {
    expect(keyOf('2020-12-31', 'week')).toBe('2020-W53');
    expect(keyOf('2021-01-03', 'week')).toBe('2020-W53');
    expect(keyOf('2021-01-04', 'week')).toBe('2021-W01');
    expect(keyOf('2018-12-31', 'week')).toBe('2019-W01');
    expect(keyOf('2016-01-01', 'week')).toBe('2015-W53');
    expect(keyOf('1969-12-29', 'week')).toBe('1970-W01');
  });

  it('ANA-15 name a fiscal year after the year it ends in', () => {
    expect(keyOf('2026-03-31', 'fiscalYear', 4)).toBe('2026');
    expect(keyOf('2026-04-01', 'fiscalYear', 4)).toBe('2027');
    expect(keyOf('2026-04-01', 'fiscalQuarter', 4)).toBe('2027-Q1');
    expect(keyOf('2026-03-31', 'fiscalQuarter', 4)).toBe('2026-Q4');
    expect(keyOf('2026-11-30', 'fiscalQuarter', 12)).toBe('2026-Q4');
    expect(keyOf('2026-12-01', 'fiscalQuarter', 12)).toBe('2027-Q1');
    expect(keyOf('2026-05-05', 'fiscalQuarter', 1)).toBe('2026-Q2');
  });

  it('ANA-15 find the same period of the year before: 29 February looks at 28 February, week 53 at week 52', () => {
    expect(before('2024-02-29', 'day')).toBe('2023-02-28');
    expect(before('2025-02-28', 'day')).toBe('2024-02-28');
    expect(before('2020-12-31', 'week')).toBe('2019-W52');
    expect(before('2021-01-04', 'week')).toBe('2020-W01');
    expect(before('2021-12-27', 'week')).toBe('2020-W52');
    expect(before('2026-01-15', 'month')).toBe('2025-01');
    expect(before('2026-01-15', 'quarter')).toBe('2025-Q1');
    expect(before('2026-04-01', 'fiscalQuarter', 4)).toBe('2026-Q1');
    expect(before('2026-04-01', 'fiscalYear', 4)).toBe('2026');
    expect(before('2026-04-01', 'weekday')).toBeNull();
  });
});
