import { describe, expect, it } from 'vitest';
import { createFormat } from '#renderer/app/format/format.ts';
import { readDay, readMoment } from '#renderer/app/format/read-day.ts';

describe('days and moments as people type them', () => {
  it.each([
    ['05.11.2026', 'de-DE', '2026-11-05'],
    ['5.11.2026', 'de-DE', '2026-11-05'],
    ['5. November 2026', 'de-DE', '2026-11-05'],
    ['1. März 2026', 'de-DE', '2026-03-01'],
    ['5/11/2026', 'en-GB', '2026-11-05'],
    ['5 Nov 2026', 'en-GB', '2026-11-05'],
    ['11/5/2026', 'en-US', '2026-11-05'],
    ['Nov 5, 2026', 'en-US', '2026-11-05'],
    ['2026-11-05', 'en-US', '2026-11-05'],
  ])('CRM-04: %s in %s is the day %s', (text, locale, day) => {
    expect(readDay(text, locale)).toBe(day);
  });

  it.each(['31.02.2026', '28.13.2026', '28.11.', '28', 'soon', '', '28.11.2026 7', '28.11.202'])(
    'CRM-04: %s is no day, and none is guessed',
    (text) => {
      expect(readDay(text, 'de-DE', true)).toBeNull();
    },
  );

  it('CRM-04: a year of two digits counts once the field is left', () => {
    expect(readDay('28.11.26', 'de-DE')).toBeNull();
    expect(readDay('28.11.26', 'de-DE', true)).toBe('2026-11-28');
  });

  it.each([
    ['28.11.2026, 14:30', 'de-DE', '2026-11-28 14:30:00'],
    ['28.11.2026 um 14.30 Uhr', 'de-DE', '2026-11-28 14:30:00'],
    ['28 Nov 2026 at 2:30pm', 'en-GB', '2026-11-28 14:30:00'],
    ['2026-11-28T14:30', 'en-GB', '2026-11-28 14:30:00'],
  ])('CRM-04: %s in %s is the moment %s', (text, locale, moment) => {
    expect(readMoment(text, locale)).toBe(moment);
  });

  it('CRM-04: an hour alone counts once the field is left, a day alone never', () => {
    expect(readMoment('28.11.2026, 14', 'de-DE')).toBeNull();
    expect(readMoment('28.11.26, 14', 'de-DE', true)).toBe('2026-11-28 14:00:00');
    expect(readMoment('28.11.2026', 'de-DE', true)).toBeNull();
  });

  it.each(['en-US', 'en-GB', 'de-DE'])('CRM-04: what is shown in %s is read as itself', (locale) => {
    const format = createFormat(locale);
    for (let month = 0; month < 12; month += 1) {
      const at = new Date(2026, month, 5, 14, 30);
      const day = `2026-${String(month + 1).padStart(2, '0')}-05`;
      expect(readDay(format.day(day), locale)).toBe(day);
      expect(readMoment(format.instant(at.toISOString()), locale)).toBe(`${day} 14:30:00`);
    }
  });
});
