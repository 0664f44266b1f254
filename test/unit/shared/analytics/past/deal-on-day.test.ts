import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dealOnDay } from '#shared/analytics/past/deal-on-day.ts';
import { endOfDay } from '#shared/analytics/past/end-of-day.ts';
import { createTimeZone } from '#shared/analytics/time-zone.ts';
import { addDays, toDay, toEpochMs, toInstant } from '#shared/kernel/calendar.ts';
import { dealOf, entriesOf, historyOf, recordOf, stateOn, type Life } from '../../../../support/deal-lives.ts';

const told = ['stageId', 'status', 'amount', 'closeDate', 'probability', 'forecastCategory', 'ownerId', 'currency'];
const inUtc = (day: string) => endOfDay(day, toDay);
const teamOf = (userId: string): string => `team of ${userId}`;

const life: Life = {
  id: 'd1',
  events: [
    { at: '2026-03-02T09:00:00.000Z', values: { amount: 10_000, closeDate: '2026-06-30' } },
    { at: '2026-03-10T09:00:00.000Z', values: { amount: 25_000 } },
    { at: '2026-04-01T09:00:00.000Z', values: { stageId: 'offer', probability: 50, ownerId: 'u2' } },
    { at: '2026-05-05T23:30:00.000Z', values: { stageId: 'won', status: 'won', closeDate: '2026-05-05' } },
  ],
};

const changes = fc.record(
  {
    amount: fc.option(fc.integer({ min: 0, max: 1_000_000 })),
    closeDate: fc.constantFrom(null, '2026-03-31', '2026-06-30', '2026-09-30'),
    ownerId: fc.constantFrom('u1', 'u2', 'u3'),
    place: fc.constantFrom('new', 'offer', 'won', 'lost'),
  },
  { requiredKeys: [] },
);

const lives: fc.Arbitrary<Life> = fc
  .array(fc.record({ hours: fc.integer({ min: 1, max: 900 }), changes }), { minLength: 1, maxLength: 6 })
  .map((steps) => {
    let ms = toEpochMs('2026-02-01');
    const events = steps.map(({ hours, changes: { place, ...values } }) => {
      ms += hours * 3_600_000;
      const stage =
        place === undefined ? {} : { stageId: place, status: place === 'won' || place === 'lost' ? place : 'open' };
      return { at: toInstant(ms), values: { ...values, ...stage } };
    });
    return { id: 'd1', events };
  });

describe('a deal on a past day', () => {
  it('ANA-13 is what its history says of every day of any life', () => {
    fc.assert(
      fc.property(lives, fc.integer({ min: 0, max: 240 }), (any, days) => {
        const day = addDays('2026-01-30', days);
        const then = dealOnDay(dealOf(any), entriesOf(any), inUtc(day), teamOf);
        const wanted = stateOn(any, day);
        if (wanted === null) return then === null;
        return then !== null && told.every((field) => (then[field] ?? null) === wanted[field]);
      }),
    );
  });

  it('ANA-13 is not there before it was made, and has today’s name', () => {
    const deal = { ...dealOf(life), name: 'Renamed', updatedAt: '2026-11-01T00:00:00.000Z' };
    expect(dealOnDay(deal, entriesOf(life), inUtc('2026-03-01'), teamOf)).toBeNull();
    expect(dealOnDay(deal, entriesOf(life), inUtc('2026-03-02'), teamOf)).toMatchObject({
      name: 'Renamed',
      amount: 10_000,
      stageId: 'new',
      closedAt: null,
      wonLostReason: null,
    });
  });

  it('ANA-13 belonged to the team of whoever had it', () => {
    const deal = { ...dealOf(life), teamId: 'mine', updatedAt: '2026-11-01T00:00:00.000Z' };
    expect(dealOnDay(deal, entriesOf(life), inUtc('2026-03-31'), teamOf)?.teamId).toBe('team of u1');
    expect(dealOnDay(deal, entriesOf(life), inUtc('2026-04-01'), teamOf)?.teamId).toBe('mine');
  });

  it('ANA-13 says since when it was in its stage, and when it was closed', () => {
    const deal = { ...dealOf(life), updatedAt: '2026-11-01T00:00:00.000Z' };
    const then = dealOnDay(deal, entriesOf(life), inUtc('2026-05-20'), teamOf);
    expect(then).toMatchObject({ stageChangedAt: '2026-05-05T23:30:00.000Z', closedAt: '2026-05-05T23:30:00.000Z' });
    expect(dealOnDay(deal, entriesOf(life), inUtc('2026-03-20'), teamOf)).toMatchObject({
      stageChangedAt: '2026-03-02T09:00:00.000Z',
    });
  });

  it('ANA-13 is today’s record once nothing happened to it any more, also with an edit that is not sent yet', () => {
    const deal = { ...dealOf(life), amount: 99_000, updatedAt: '2026-05-07T08:00:00.000Z' };
    expect(dealOnDay(deal, entriesOf(life), inUtc('2026-05-07'), teamOf)).toBe(deal);
    expect(dealOnDay(deal, entriesOf(life), inUtc('2026-05-06'), teamOf)).toMatchObject({ amount: 25_000 });
  });

  it('ANA-13 takes what was before the first entry from that entry, and the owner from the next that knows', () => {
    const [, second, third] = historyOf(life);
    const known = [second, third].flatMap((record) =>
      record === undefined ? [] : [{ atMs: toEpochMs(String(record['occurredAt'])), record }],
    );
    const deal = { ...dealOf(life), updatedAt: '2026-11-01T00:00:00.000Z' };
    expect(dealOnDay(deal, known, inUtc('2026-03-05'), teamOf)).toMatchObject({ amount: 10_000, ownerId: 'u1' });
    const unsaid = known.map(({ atMs, record }) => ({
      atMs,
      record: { ...record, ownerAfter: null, ownerBefore: null },
    }));
    expect(dealOnDay(deal, unsaid, inUtc('2026-03-05'), teamOf)).toMatchObject({ ownerId: 'u2' });
  });

  it('ANA-13 was open in a stage nobody knows, when it was entered closed with an earlier opening', () => {
    const entry = recordOf('stageChange', 'e', {
      dealId: 'd2',
      toStage: 'won',
      toType: 'won',
      amountAfter: 700,
      currency: 'EUR',
      closeDateAfter: '2026-02-20',
      occurredAt: '2026-02-20T00:00:00.000Z',
    });
    const deal = recordOf('deal', 'd2', {
      status: 'won',
      amount: 700,
      openedAt: '2026-01-10',
      createdAt: '2026-08-01T10:00:00.000Z',
      updatedAt: '2026-08-01T10:00:00.000Z',
    });
    const entries = [{ atMs: toEpochMs('2026-02-20'), record: entry }];
    expect(dealOnDay(deal, entries, inUtc('2026-01-09'), teamOf)).toBeNull();
    expect(dealOnDay(deal, entries, inUtc('2026-02-01'), teamOf)).toMatchObject({
      status: 'open',
      stageId: null,
      amount: 700,
    });
    expect(dealOnDay(deal, entries, inUtc('2026-02-20'), teamOf)).toMatchObject({ status: 'won', stageId: 'won' });
  });

  it('ANA-13 ends with the day of whoever looks, also where the clock is changed', () => {
    const berlin = createTimeZone('Europe/Berlin');
    const auckland = createTimeZone('Pacific/Auckland');
    expect(endOfDay('2026-05-05', berlin.dayOf).endInstant).toBe('2026-05-05T22:00:00.000Z');
    expect(endOfDay('2026-10-25', berlin.dayOf).endInstant).toBe('2026-10-25T23:00:00.000Z');
    expect(endOfDay('2026-05-05', auckland.dayOf).endInstant).toBe('2026-05-05T12:00:00.000Z');
    const deal = { ...dealOf(life), updatedAt: '2026-11-01T00:00:00.000Z' };
    expect(dealOnDay(deal, entriesOf(life), endOfDay('2026-05-05', berlin.dayOf), teamOf)).toMatchObject({
      status: 'open',
    });
    expect(dealOnDay(deal, entriesOf(life), endOfDay('2026-05-06', berlin.dayOf), teamOf)).toMatchObject({
      status: 'won',
    });
  });
});
