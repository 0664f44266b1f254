import { expect, test } from 'vitest';
import { readQuickAdd, type QuickAddContext } from '#shared/entities/task/quick-add.ts';
import { readDuration, readTimeOfDay } from '#shared/entities/task/typed-times.ts';

/** A Friday, ten in the morning. */
const en: QuickAddContext = { today: '2026-11-27', nowMinutes: 600, language: 'en' };
const de: QuickAddContext = { ...en, language: 'de' };
const read = (text: string, context = en) => {
  const { subject, dueDate, minutes, priority, estimateMinutes } = readQuickAdd(text, context);
  return [subject, dueDate, minutes, priority, estimateMinutes];
};

test('TSK-03 a task typed in one English line gets its day, time, priority and estimate', () => {
  expect(read('Call Ann tomorrow 14:00 !high')).toEqual(['Call Ann', '2026-11-28', 840, 'high', null]);
  expect(read('Send the proposal by Tuesday at 2pm ~1h30 !1')).toEqual([
    'Send the proposal',
    '2026-12-01',
    840,
    'critical',
    90,
  ]);
  expect(read('Review contract on 3 Dec')).toEqual(['Review contract', '2026-12-03', null, null, null]);
  expect(read('Review contract January 15th')).toEqual(['Review contract', '2027-01-15', null, null, null]);
  expect(read('Visit Ben next Friday')).toEqual(['Visit Ben', '2026-12-04', null, null, null]);
  expect(read('Visit Ben on sat')).toEqual(['Visit Ben', '2026-11-28', null, null, null]);
  expect(read('Plan the fair in 2 weeks')).toEqual(['Plan the fair', '2026-12-11', null, null, null]);
  expect(read('Day after tomorrow: renew licence')[1]).toBe('2026-11-29');
  expect(read('Lunch with Ann at noon')).toEqual(['Lunch with Ann', '2026-11-27', 720, null, null]);
});

test('TSK-03 a task typed in one German line gets its day, time, priority and estimate', () => {
  expect(read('Ann morgen um 14 Uhr anrufen !hoch', de)).toEqual(['Ann anrufen', '2026-11-28', 840, 'high', null]);
  expect(read('Angebot am Dienstag 14.30 Uhr senden ~2 Std.', de)).toEqual([
    'Angebot senden',
    '2026-12-01',
    870,
    null,
    120,
  ]);
  expect(read('Vertrag prüfen 3.12.', de)).toEqual(['Vertrag prüfen', '2026-12-03', null, null, null]);
  expect(read('Vertrag prüfen bis 15. Januar !niedrig', de)).toEqual([
    'Vertrag prüfen',
    '2027-01-15',
    null,
    'low',
    null,
  ]);
  expect(read('Vertrag prüfen am 3.12.2027 9:15', de)).toEqual(['Vertrag prüfen', '2027-12-03', 555, null, null]);
  expect(read('Übermorgen Ben besuchen', de)).toEqual(['Ben besuchen', '2026-11-29', null, null, null]);
  expect(read('Messe planen in 2 Wochen', de)).toEqual(['Messe planen', '2026-12-11', null, null, null]);
  expect(read('Messe planen nächste Woche', de)).toEqual(['Messe planen', '2026-11-30', null, null, null]);
  expect(read('Bericht am So', de)).toEqual(['Bericht', '2026-11-29', null, null, null]);
});

test('TSK-03 words that only look like a day, a time or a priority stay in the subject', () => {
  expect(read('So call 24 people, do not wait !soon')).toEqual([
    'So call 24 people, do not wait !soon',
    null,
    null,
    null,
    null,
  ]);
  expect(read('Am Morgen Do-it-Liste prüfen', de)[1]).not.toBe('2026-11-28');
  expect(read('So schnell es geht antworten', de)[1]).toBeNull();
  expect(read('Read chapter 31.2. of the manual')).toEqual([
    'Read chapter 31.2. of the manual',
    null,
    null,
    null,
    null,
  ]);
  expect(read('Check version 14.30')[2]).toBeNull();
  expect(read('Maybe the sun is out')[1]).toBeNull();
});

test('TSK-03 a time without a day is today when it is still ahead, otherwise tomorrow', () => {
  expect(read('Call Ann 14:00')[1]).toBe('2026-11-27');
  expect(read('Call Ann 9:30')[1]).toBe('2026-11-28');
  expect(read('Monday call')[1]).toBe('2026-11-30');
  expect(read('Friday call')[1]).toBe('2026-12-04');
});

test('TSK-03 what repeats is read with its rule, and the first one is due on the first such day', () => {
  expect(readQuickAdd('Weekly report every Monday 9:00', en)).toMatchObject({
    subject: 'Weekly report',
    understood: ['repeat', 'time'],
  });
  expect(readQuickAdd('Read the inbox daily', en)).toMatchObject({
    subject: 'Read the inbox',
    dueDate: '2026-11-27',
    recurrence: { unit: 'day' },
  });
  expect(readQuickAdd('Monthly report', en)).toMatchObject({ subject: 'Monthly report', recurrence: null });
  expect(readQuickAdd('Monatlich Bericht senden', de)).toMatchObject({ recurrence: { unit: 'month', dayOfMonth: 27 } });
  expect(readQuickAdd('Report every Monday 9:00', { ...en, timeZone: 'Europe/Berlin' })).toMatchObject({
    subject: 'Report',
    dueDate: '2026-11-30',
    minutes: 540,
    recurrence: { unit: 'week', interval: 1, weekdays: [1], from: 'calendar', timeZone: 'Europe/Berlin' },
  });
  expect(readQuickAdd('Back up every 2 weeks', en)).toMatchObject({
    subject: 'Back up',
    dueDate: '2026-11-27',
    recurrence: { unit: 'week', interval: 2 },
  });
  expect(readQuickAdd('Jeden Werktag Eingang lesen', de)).toMatchObject({
    subject: 'Eingang lesen',
    dueDate: '2026-11-27',
    recurrence: { unit: 'week', weekdays: [1, 2, 3, 4, 5] },
  });
  expect(readQuickAdd('Alle 3 Monate Preise prüfen am 31.12.', de)).toMatchObject({
    subject: 'Preise prüfen',
    dueDate: '2026-12-31',
    recurrence: { unit: 'month', interval: 3, dayOfMonth: 31 },
  });
});

test('TSK-03 what somebody means literally is left in the subject', () => {
  const literal = new Set(['day'] as const);
  expect(readQuickAdd('Prepare Monday report 15:00', { ...en, literal })).toMatchObject({
    subject: 'Prepare Monday report',
    dueDate: '2026-11-27',
    minutes: 900,
  });
});

test('TSK-03 times of day and durations are read as they are typed, and nothing else is', () => {
  const times = ['14:30', '2pm', '2:30 pm', '12am', '930', '14.30 Uhr', '14 Uhr', '8', 'noon', '14 Uhr 05'];
  expect(times.map((text) => readTimeOfDay(text))).toEqual([870, 840, 870, 0, 570, 870, 840, 480, 720, 845]);
  expect(['25:00', '13pm', '9:75', 'soon', '', '0am'].map((text) => readTimeOfDay(text))).toEqual([
    null,
    null,
    null,
    null,
    null,
    null,
  ]);
  const durations = ['45', '45 min', '1:30', '1h 30', '1,5 Std.', '2 hours', '1h30m', '2 Stunden 15 Minuten'];
  expect(durations.map((text) => readDuration(text))).toEqual([45, 45, 90, 90, 90, 120, 90, 135]);
  expect(['', 'long', '-5', '99999'].map((text) => readDuration(text))).toEqual([null, null, null, null]);
});
