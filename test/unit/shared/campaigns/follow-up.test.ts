import { expect, test } from 'vitest';
import { followMoment } from '#shared/campaigns/follow-up.ts';

const now = Date.parse('2026-12-01T10:00:00Z');
const follows = { campaignId: 'k1', when: 'notOpened', days: 2 } as const;
const at = (followed: Readonly<Record<string, unknown>> | null) => {
  const moment = followMoment(follows, followed, now);
  return moment === null ? null : `${moment.isCertain ? '' : 'about '}${new Date(moment.atMs).toISOString()}`;
};

test('EML-09 a follow-up goes out so many days after the other has gone out, and before that about then', () => {
  expect(at({ state: 'sent', finishedAt: '2026-11-30T08:15:00.000Z' })).toBe('2026-12-02T08:15:00.000Z');
  expect(at({ state: 'scheduled', scheduledAt: '2026-12-03T09:00:00Z' })).toBe('about 2026-12-05T09:00:00.000Z');
  expect(at({ state: 'scheduled', scheduledAt: null })).toBe('about 2026-12-03T10:00:00.000Z');
  // A time that is over: it goes out now.
  expect(at({ state: 'scheduled', scheduledAt: '2026-11-01T09:00:00Z' })).toBe('about 2026-12-03T10:00:00.000Z');
  expect(at({ state: 'sending', scheduledAt: '2026-11-01T09:00:00Z' })).toBe('about 2026-12-03T10:00:00.000Z');
});

test('EML-09 nothing is said of a moment nobody knows', () => {
  expect(at(null)).toBeNull();
  for (const state of ['draft', 'paused', 'cancelled'])
    expect(at({ state, scheduledAt: '2026-12-03T09:00:00Z' })).toBeNull();
  expect(at({ state: 'scheduled', scheduledAt: null, followsId: 'k0' })).toBeNull();
});
