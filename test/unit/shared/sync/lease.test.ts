import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countLease,
  leaseEndsAtMs,
  renewLease,
  toLeaseDays,
  type ClockReading,
  type Lease,
} from '#shared/sync/lease.ts';
import { propertyRuns } from '../../../support/sample-entities.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const met: ClockReading = { wallMs: Date.UTC(2026, 10, 1), uptimeMs: 5 * DAY };
const begun = renewLease(14, Date.UTC(2026, 10, 1), met);
/** Both clocks, so much later than the meeting. */
const later = (wallMs: number, uptimeMs = wallMs): ClockReading => ({
  wallMs: met.wallMs + wallMs,
  uptimeMs: met.uptimeMs + uptimeMs,
});
const count = (lease: Lease, ...looks: readonly ClockReading[]): Lease => looks.reduce(countLease, lease);

describe('the lease of a computer', () => {
  it('OFF-06 lasts as many days as were given, and is over a moment later', () => {
    expect(count(begun, later(14 * DAY)).ended).toBe(null);
    expect(count(begun, later(14 * DAY + 1)).ended).toBe('over');
    expect(leaseEndsAtMs(begun)).toBe(Date.UTC(2026, 10, 15));
    expect([undefined, 'x', 0, 1, 14.9, 90, 400].map(toLeaseDays)).toEqual([14, 14, 1, 1, 14, 90, 90]);
  });

  it('D15 a clock that is set back ends it, running or while the computer was off, and setting it right again does not help', () => {
    const running = count(begun, later(3 * DAY), later(2 * DAY, 3 * DAY + MINUTE));
    expect(running.ended).toBe('clock');
    const restarted = count(begun, later(3 * DAY), { wallMs: met.wallMs + 2 * DAY, uptimeMs: MINUTE });
    expect(restarted.ended).toBe('clock');
    expect(count(restarted, later(3 * DAY)).ended).toBe('clock');
    expect(renewLease(14, begun.contactServerMs, met).ended).toBe(null);
  });

  it('D15 a clock that stands still while the computer runs is counted by the other one', () => {
    const frozen = Array.from({ length: 20 }, (_, index) => later(0, (index + 1) * MINUTE));
    expect(count(begun, ...frozen).usedMs).toBe(20 * MINUTE);
    expect(count(begun, later(0, 20 * MINUTE)).ended).toBe('clock');
    expect(count(begun, later(15 * DAY, 0)).ended).toBe('over');
    expect(count(begun, later(0, 15 * DAY)).ended).toBe('over');
  });

  it('D15 small steps back do not add up to a large one', () => {
    const looks = Array.from({ length: 40 }, (_, index) => later(-index * 2 * MINUTE, index * 1000));
    expect(count(begun, ...looks).ended).toBe('clock');
  });

  it('OFF-06 small corrections, sleep and restarts are no reason to lock', () => {
    const looks = [
      later(2 * DAY),
      later(2 * DAY - 3 * MINUTE, 2 * DAY),
      { wallMs: met.wallMs + 3 * DAY, uptimeMs: 10 },
    ];
    expect(count(begun, ...looks).ended).toBe(null);
    // A computer whose other clock does not count sleep.
    expect(count(begun, later(5 * DAY, MINUTE)).ended).toBe(null);
  });

  it('OFF-06 however often it is looked at, and whatever the clocks do, nobody gets more days than were given', () => {
    const step = fc.record({
      wall: fc.integer({ min: -2 * DAY, max: 3 * DAY }),
      ran: fc.integer({ min: 0, max: DAY }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let lease = begun;
        let { wallMs, uptimeMs } = met;
        let trulyRan = 0;
        for (const { wall, ran } of steps) {
          wallMs += wall;
          uptimeMs += ran;
          trulyRan += ran;
          const next = countLease(lease, { wallMs, uptimeMs });
          expect(next.usedMs).toBeGreaterThanOrEqual(lease.usedMs);
          lease = next;
        }
        if (trulyRan > 14 * DAY) expect(lease.ended).not.toBe(null);
      }),
      propertyRuns,
    );
  });
});
