import { describe, expect, it } from 'vitest';
import { createTimeZone } from '#shared/analytics/time-zone.ts';
import { dayNumbersOf } from '#shared/analytics/pivot/local-days.ts';
import { readDay } from '#shared/analytics/pivot/buckets.ts';
import { toDay } from '#shared/kernel/calendar.ts';
import { createSeededRandom } from '#shared/kernel/seeded-random.ts';

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Africa/Casablanca',
];

describe('ANA-15 days in a time zone', () => {
  it.each(zones)('ANA-15 are those the calendar of the platform shows in %s', (zone) => {
    const { dayOf } = createTimeZone(zone);
    const toNumber = dayNumbersOf(dayOf);
    const calendar = new Intl.DateTimeFormat('sv-SE', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    const random = createSeededRandom(7);
    const instants = Array.from({ length: 1500 }, () => random.integer(Date.UTC(2005, 0, 1), Date.UTC(2031, 0, 1)));
    for (const instant of instants) {
      const expected = calendar.format(instant);
      expect([zone, instant, dayOf(instant)]).toEqual([zone, instant, expected]);
      expect([zone, instant, toNumber(instant)]).toEqual([zone, instant, readDay(expected)]);
    }
  });

  it('ANA-15 change to the millisecond, also where a day was left out', () => {
    const berlin = createTimeZone('Europe/Berlin');
    expect(berlin.dayOf(Date.parse('2026-03-28T22:59:59.999Z'))).toBe('2026-03-28');
    expect(berlin.dayOf(Date.parse('2026-03-28T23:00:00.000Z'))).toBe('2026-03-29');
    expect(berlin.dayOf(Date.parse('2026-03-29T21:59:59.999Z'))).toBe('2026-03-29');
    expect(berlin.dayOf(Date.parse('2026-03-29T22:00:00.000Z'))).toBe('2026-03-30');
    expect(berlin.offsetAt(Date.parse('2026-03-29T00:59:59.999Z'))).toBe(3_600_000);
    expect(berlin.offsetAt(Date.parse('2026-03-29T01:00:00.000Z'))).toBe(7_200_000);
    const samoa = createTimeZone('Pacific/Apia');
    const toNumber = dayNumbersOf(samoa.dayOf);
    const before = Date.parse('2011-12-30T09:59:59.999Z');
    expect([samoa.dayOf(before), samoa.dayOf(before + 1)]).toEqual(['2011-12-29', '2011-12-31']);
    expect(toNumber(before + 1) - toNumber(before)).toBe(2);
  });

  it.each([...zones, 'America/Havana', 'Asia/Beirut', 'America/Asuncion'])(
    'ANA-15 begin with their first instant in %s, also where midnight is skipped or comes twice',
    (name) => {
      const { dayOf, startOf } = createTimeZone(name);
      for (let at = Date.UTC(2010, 0, 1); at < Date.UTC(2027, 0, 1); at += 86_400_000) {
        const day = toDay(at);
        // Samoa had no 30 December 2011.
        if (name === 'Pacific/Apia' && day === '2011-12-30') continue;
        const start = startOf(day);
        expect([day, dayOf(start), dayOf(start - 1) < day]).toEqual([day, day, true]);
      }
    },
  );

  it('ANA-15 refuse a zone that does not exist', () => {
    expect(() => createTimeZone('Europe/Atlantis')).toThrow(expect.objectContaining({ code: 'invalid' }));
  });
});
