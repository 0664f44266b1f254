// The lease of one profile: looked at again and again, kept beside who is signed in, renewed by every answer of the server.
import { toInstant } from '#shared/kernel/calendar.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import {
  countLease,
  LEASE_DAYS,
  leaseEndsAtMs,
  renewLease,
  toLeaseDays,
  type ClockReading,
  type Lease,
  type LeaseEnd,
} from '#shared/sync/lease.ts';

/** Written this often; what a crash forgets of it is counted again from the clocks. */
const KEEP_INTERVAL_MS = 60_000;

export interface LeaseKeeper {
  /** Why the profile must not be shown now; null when it may. */
  check(): LeaseEnd | null;
  /** The server answered. `days`: as the organization has it, when it said so. */
  noteContact(serverMs: number, days?: number): void;
  describe(): { readonly days: number; readonly endsAt: string };
}

interface LeaseKeeperOptions {
  readonly clock: Clock;
  /** Milliseconds since the computer started. */
  readonly uptimeMs: () => number;
  /** As it was kept; null for a profile that has none yet. */
  readonly kept: Lease | null;
  readonly keep: (lease: Lease) => void;
}

/** Up to the year 9999: later ones cannot be written as an instant of this program. */
const LAST_MS = Date.UTC(9999, 0, 1);
const isTime = (ms: number): boolean => ms >= 0 && ms < LAST_MS;

export function createLeaseKeeper({ clock, uptimeMs, kept, keep }: LeaseKeeperOptions): LeaseKeeper {
  const read = (): ClockReading => ({ wallMs: clock.now(), uptimeMs: uptimeMs() });
  let lease = kept ?? renewLease(LEASE_DAYS.usual, clock.now(), read());
  let keptAtMs = Number.NEGATIVE_INFINITY;

  function change(next: Lease, isDue: boolean): void {
    lease = next;
    const uptime = uptimeMs();
    if (!isDue && uptime - keptAtMs < KEEP_INTERVAL_MS) return;
    keptAtMs = uptime;
    keep(lease);
  }

  return {
    check() {
      const before = lease.ended;
      const next = countLease(lease, read());
      change(next, next.ended !== before);
      return lease.ended;
    },
    noteContact(serverMs, days) {
      // A time that is none says nothing; what has passed is counted with the clocks of this computer anyway.
      const metMs = isTime(serverMs) ? serverMs : clock.now();
      const next = renewLease(days === undefined ? lease.days : toLeaseDays(days), metMs, read());
      change(next, lease.ended !== null || next.days !== lease.days);
    },
    describe: () => ({ days: lease.days, endsAt: toInstant(leaseEndsAtMs(lease)) }),
  };
}
