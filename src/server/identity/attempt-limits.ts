// Guessing passwords is limited by account, by source and by the pair of both. The pair has the small limit, so that
// a stranger who knows an address cannot keep its owner out from elsewhere. Every attempt counts before it is
// checked (a burst in parallel gains nothing); a success takes its count back.
import { OutpostError } from '#shared/kernel/errors.ts';
import type { Clock } from '#shared/kernel/ports.ts';

export interface AttemptPolicy {
  readonly windowMs: number;
  readonly perPair: number;
  readonly perAccount: number;
  readonly perSource: number;
}

export const signInPolicy: AttemptPolicy = { windowMs: 15 * 60_000, perPair: 8, perAccount: 40, perSource: 120 };
/** Windows kept at once; beyond it the oldest are forgotten, so memory stays flat under a spray of names. */
const KEPT_WINDOWS = 50_000;

interface Window {
  count: number;
  endsMs: number;
}

export interface AttemptLimits {
  /** Counts one attempt. Throws `too_many_attempts` with `retryAfterSeconds`. */
  begin(account: string, source: string): void;
  succeed(account: string, source: string): void;
}

export function createAttemptLimits(clock: Clock, policy: AttemptPolicy = signInPolicy): AttemptLimits {
  const windows = new Map<string, Window>();

  function keysOf(account: string, source: string): readonly (readonly [string, number])[] {
    return [
      [`pair ${account} ${source}`, policy.perPair],
      [`account ${account}`, policy.perAccount],
      [`source ${source}`, policy.perSource],
    ];
  }

  function windowOf(key: string, nowMs: number): Window {
    const found = windows.get(key);
    if (found && found.endsMs > nowMs) return found;
    windows.delete(key);
    if (windows.size >= KEPT_WINDOWS) {
      const oldest = windows.keys().next();
      if (!oldest.done) windows.delete(oldest.value);
    }
    const opened = { count: 0, endsMs: nowMs + policy.windowMs };
    windows.set(key, opened);
    return opened;
  }

  return {
    begin(account, source) {
      const nowMs = clock.now();
      const counted = keysOf(account, source).map(([key, limit]) => ({ window: windowOf(key, nowMs), limit }));
      const full = counted.filter(({ window, limit }) => window.count >= limit);
      if (full.length > 0) {
        const waitMs = Math.max(...full.map(({ window }) => window.endsMs - nowMs));
        throw new OutpostError('too_many_attempts', 'Too many attempts to sign in. Wait, then try again.', {
          retryAfterSeconds: Math.ceil(waitMs / 1000),
        });
      }
      for (const { window } of counted) window.count += 1;
    },
    succeed(account, source) {
      const nowMs = clock.now();
      for (const [key] of keysOf(account, source)) {
        const window = windowOf(key, nowMs);
        window.count = Math.max(0, window.count - 1);
      }
      windows.delete(`pair ${account} ${source}`);
    },
  };
}
