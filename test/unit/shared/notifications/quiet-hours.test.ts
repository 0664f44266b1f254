import { describe, expect, it } from 'vitest';
import { createTimeZone } from '#shared/analytics/time-zone.ts';
import { toEpochMs, toInstant } from '#shared/kernel/calendar.ts';
import { instantAt, isQuietHours, quietUntil } from '#shared/notifications/quiet-hours.ts';
import { snoozeTimes } from '#shared/notifications/snooze-times.ts';

const berlin = createTimeZone('Europe/Berlin');
const endOf = (hours: { start: string; end: string }, at: string, zone = berlin): string | null => {
  const ends = quietUntil({ enabled: true, ...hours }, toEpochMs(at), zone);
  return ends === null ? null : toInstant(ends);
};

describe('quiet hours', () => {
  const night = { start: '22:00', end: '07:00' };
  it('TSK-14 reach over midnight, on the clocks of the person', () => {
    expect(endOf(night, '2026-11-27T20:59:00.000Z')).toBeNull();
    expect(endOf(night, '2026-11-27T21:00:00.000Z')).toBe('2026-11-28T06:00:00.000Z');
    expect(endOf(night, '2026-11-28T05:59:00.000Z')).toBe('2026-11-28T06:00:00.000Z');
    expect(endOf(night, '2026-11-28T06:00:00.000Z')).toBeNull();
    expect(endOf(night, '2026-11-28T05:59:00.000Z', createTimeZone('America/New_York'))).toBe(
      '2026-11-28T12:00:00.000Z',
    );
  });

  it('TSK-14 lie within a day where they begin before they end', () => {
    const noon = { start: '12:00', end: '13:30' };
    expect(endOf(noon, '2026-11-27T11:00:00.000Z')).toBe('2026-11-27T12:30:00.000Z');
    expect(endOf(noon, '2026-11-27T12:30:00.000Z')).toBeNull();
    expect(quietUntil({ enabled: false, ...noon }, toEpochMs('2026-11-27T11:00:00.000Z'), berlin)).toBeNull();
  });

  it('TSK-14 end at the time on the clock in the nights in which the clocks change', () => {
    // 25 October 2026: 03:00 becomes 02:00; 29 March 2026: 02:00 becomes 03:00.
    expect(endOf(night, '2026-10-24T21:00:00.000Z')).toBe('2026-10-25T06:00:00.000Z');
    expect(endOf(night, '2026-03-28T21:00:00.000Z')).toBe('2026-03-29T05:00:00.000Z');
    expect(endOf({ start: '22:00', end: '02:30' }, '2026-03-28T21:30:00.000Z')).toBe('2026-03-29T01:30:00.000Z');
    expect(toInstant(instantAt('2026-10-25', '09:00', berlin))).toBe('2026-10-25T08:00:00.000Z');
  });

  it('TSK-14 are two times of a day and nothing else', () => {
    expect(isQuietHours({ enabled: true, start: '22:00', end: '07:00' })).toBe(true);
    for (const start of ['24:00', '7:00', '07:60', '', 7])
      expect(isQuietHours({ enabled: true, start, end: '07:00' })).toBe(false);
    expect(isQuietHours({ start: '22:00', end: '07:00' })).toBe(false);
  });
});

describe('snoozing', () => {
  it('TSK-08 offers moments that lie ahead, on the clocks of the person', () => {
    const at = (now: string) =>
      snoozeTimes(toEpochMs(now), berlin).map(({ choice, atMs }) => [choice, toInstant(atMs)]);
    expect(at('2026-11-27T10:00:00.000Z')).toEqual([
      ['hour', '2026-11-27T11:00:00.000Z'],
      ['evening', '2026-11-27T17:00:00.000Z'],
      ['tomorrow', '2026-11-28T08:00:00.000Z'],
      ['nextWeek', '2026-11-30T08:00:00.000Z'],
    ]);
    expect(at('2026-11-27T16:30:00.000Z').map(([choice]) => choice)).toEqual(['hour', 'tomorrow', 'nextWeek']);
  });
});
