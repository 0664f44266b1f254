import { expect, test } from 'vitest';
import {
  dueBetween,
  minutesOf,
  nextDue,
  quietMinutesOf,
  ruleOf,
  type ScheduleRule,
} from '#shared/analytics/schedule-rule.ts';

const daily: ScheduleRule = { frequency: 'daily', weekday: 1, dayOfMonth: 1, minutes: 450, timeZone: 'Europe/Berlin' };
const at = (instant: string): number => Date.parse(instant);
const next = (rule: ScheduleRule, after: string): string => new Date(nextDue(rule, at(after))).toISOString();

test('ANA-13 a daily report is due at the same time of the clock in winter and in summer', () => {
  expect(next(daily, '2026-01-15T06:29:00Z')).toBe('2026-01-15T06:30:00.000Z');
  expect(next(daily, '2026-01-15T06:30:00Z')).toBe('2026-01-16T06:30:00.000Z');
  expect(next(daily, '2026-07-15T00:00:00Z')).toBe('2026-07-15T05:30:00.000Z');
});

test('ANA-13 a time the clock leaps over is as much later, and the next day it is itself again', () => {
  const early = { ...daily, minutes: 150 };
  expect(next(early, '2026-03-28T12:00:00Z')).toBe('2026-03-29T01:30:00.000Z');
  expect(next(early, '2026-03-29T01:30:00Z')).toBe('2026-03-30T00:30:00.000Z');
});

test('ANA-13 a time the clock passes twice counts once, the first time', () => {
  const early = { ...daily, minutes: 150 };
  expect(next(early, '2026-10-24T12:00:00Z')).toBe('2026-10-25T00:30:00.000Z');
  expect(next(early, '2026-10-25T00:30:00Z')).toBe('2026-10-26T01:30:00.000Z');
});

test('ANA-13 a zone that leaps at midnight and one that is ahead of the day line have their times, too', () => {
  // Cairo went from 00:00 to 01:00 on 24 April 2026.
  expect(next({ ...daily, minutes: 30, timeZone: 'Africa/Cairo' }, '2026-04-23T12:00:00Z')).toBe(
    '2026-04-23T22:30:00.000Z',
  );
  expect(next({ ...daily, minutes: 0, timeZone: 'Pacific/Kiritimati' }, '2026-05-01T09:59:00Z')).toBe(
    '2026-05-01T10:00:00.000Z',
  );
  expect(next({ ...daily, minutes: 1439, timeZone: 'America/Los_Angeles' }, '2026-05-01T00:00:00Z')).toBe(
    '2026-05-01T06:59:00.000Z',
  );
});

test('ANA-13 a weekly report is due on its day in its own zone', () => {
  const monday = { ...daily, frequency: 'weekly', weekday: 1, minutes: 30, timeZone: 'Asia/Tokyo' } as const;
  // Monday 00:30 in Tokyo is still Sunday in London.
  expect(next(monday, '2026-11-27T00:00:00Z')).toBe('2026-11-29T15:30:00.000Z');
  expect(next({ ...monday, weekday: 7 }, '2026-11-27T00:00:00Z')).toBe('2026-11-28T15:30:00.000Z');
});

test('ANA-13 the 31st is the last day of a month that is shorter', () => {
  const monthly = { ...daily, frequency: 'monthly', dayOfMonth: 31, minutes: 0, timeZone: 'UTC' } as const;
  const found = ['2026-01-15', '2026-02-01', '2026-03-01', '2026-04-01', '2028-02-01'].map((day) =>
    next(monthly, `${day}T00:00:00Z`).slice(0, 10),
  );
  expect(found).toEqual(['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30', '2028-02-29']);
  expect(next({ ...monthly, dayOfMonth: 29 }, '2027-02-01T00:00:00Z').slice(0, 10)).toBe('2027-02-28');
});

test('ANA-13 what was missed is one time, the last, and it is known how many there were', () => {
  const due = dueBetween(daily, at('2026-11-01T12:00:00Z'), at('2026-11-10T12:00:00Z'));
  expect(due.lastMs).toBe(at('2026-11-10T06:30:00Z'));
  expect(due.missed).toBe(8);
  expect(due.nextMs).toBe(at('2026-11-11T06:30:00Z'));
  expect(dueBetween(daily, at('2026-11-10T07:00:00Z'), at('2026-11-10T12:00:00Z')).lastMs).toBeNull();
});

test('ANA-19 a report at a quiet time has one of its own between one and five at night', () => {
  const ids = Array.from({ length: 500 }, (_, index) => `schedule-${String(index)}`);
  const minutes = ids.map((id) => quietMinutesOf(id));
  expect(Math.min(...minutes)).toBeGreaterThanOrEqual(60);
  expect(Math.max(...minutes)).toBeLessThan(300);
  expect(new Set(minutes).size).toBeGreaterThan(100);
  const quiet = ruleOf({ id: 'a', frequency: 'daily', offPeak: true, time: '12:00', timeZone: 'UTC' });
  expect(quiet.minutes).toBe(quietMinutesOf('a'));
});

test('ANA-13 a time is one of the day', () => {
  expect([minutesOf('07:30'), minutesOf('23:59'), minutesOf('24:00'), minutesOf('7:30'), minutesOf(null)]).toEqual([
    450,
    1439,
    null,
    null,
    null,
  ]);
});
