// How long a computer may be used without meeting its server. What has passed is counted from two clocks, the larger
// counts: the wall clock, and the time since the computer started. A wall clock that goes back, or that runs behind the
// other one, ends the lease at once. A policy, not cryptography: whoever owns a machine can copy what it once showed.

export const LEASE_DAYS = { usual: 14, least: 1, most: 90 } as const;

const DAY_MS = 86_400_000;
/** Clocks are set and drift; that much is no attempt to stretch anything. */
const TOLERANCE_MS = 10 * 60_000;

export interface ClockReading {
  readonly wallMs: number;
  /** Since the computer started; goes on while it sleeps. */
  readonly uptimeMs: number;
}

export type LeaseEnd = 'over' | 'clock';

export interface Lease {
  readonly days: number;
  /** Time of the server when it was met last. */
  readonly contactServerMs: number;
  /** Time counted since then. */
  readonly usedMs: number;
  /** The clocks at the last look. */
  readonly seen: ClockReading;
  /** Why it ended; only the server lifts it. */
  readonly ended: LeaseEnd | null;
}

/** Days as an administrator may set them. */
export function toLeaseDays(value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) return LEASE_DAYS.usual;
  return Math.max(LEASE_DAYS.least, Math.min(LEASE_DAYS.most, Math.trunc(value)));
}

/** The server was met: everything begins anew. */
export function renewLease(days: number, serverMs: number, now: ClockReading): Lease {
  return { days, contactServerMs: serverMs, usedMs: 0, seen: now, ended: null };
}

/** The lease after another look at the clocks. */
export function countLease(lease: Lease, now: ClockReading): Lease {
  if (lease.ended !== null) return lease;
  const wallMs = now.wallMs - lease.seen.wallMs;
  // A smaller uptime: the computer was started again meanwhile, and says nothing about the time before.
  const uptimeMs = Math.max(0, now.uptimeMs - lease.seen.uptimeMs);
  const usedMs = lease.usedMs + Math.max(0, wallMs, uptimeMs);
  const isBack = wallMs < -TOLERANCE_MS || uptimeMs - wallMs > TOLERANCE_MS;
  const isOver = usedMs > lease.days * DAY_MS;
  // The wall clock seen never goes back: small steps back would add up to a large one.
  const seen = { wallMs: Math.max(now.wallMs, lease.seen.wallMs), uptimeMs: now.uptimeMs };
  return { ...lease, usedMs, seen, ended: isOver ? 'over' : isBack ? 'clock' : null };
}

/** Until when the computer works without the server, in the server's time. */
export function leaseEndsAtMs(lease: Lease): number {
  return lease.contactServerMs + lease.days * DAY_MS;
}
