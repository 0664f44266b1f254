// Requests with API keys nobody gave out, by address. A key is too long to be guessed: all this saves is the look into the
// database that each of them costs, so each server counts by itself.
import { OutpostError } from '#shared/kernel/errors.ts';
import type { Clock } from '#shared/kernel/ports.ts';

export const wrongKeyPolicy = { windowMs: 60_000, perSource: 300 };
/** Windows kept at once; beyond it the oldest are forgotten, so memory stays flat under a spray of addresses. */
const KEPT_WINDOWS = 50_000;

export interface WrongKeyLimit {
  /** Counts one request before its key is looked for. Throws `too_many_attempts` with `retryAfterSeconds`. */
  begin(source: string): void;
  /** The key was right: it does not count. */
  succeed(source: string): void;
}

export function createWrongKeyLimit(clock: Clock): WrongKeyLimit {
  const windows = new Map<string, { count: number; readonly endsMs: number }>();

  function windowOf(source: string) {
    const nowMs = clock.now();
    const found = windows.get(source);
    if (found && found.endsMs > nowMs) return found;
    windows.delete(source);
    const [oldest] = windows.keys();
    if (windows.size >= KEPT_WINDOWS && oldest !== undefined) windows.delete(oldest);
    const opened = { count: 0, endsMs: nowMs + wrongKeyPolicy.windowMs };
    windows.set(source, opened);
    return opened;
  }

  return {
    begin(source) {
      const window = windowOf(source);
      if (window.count >= wrongKeyPolicy.perSource)
        throw new OutpostError('too_many_attempts', 'Too many requests with wrong keys. Wait, then try again.', {
          retryAfterSeconds: Math.ceil((window.endsMs - clock.now()) / 1000),
        });
      window.count += 1;
    },
    succeed(source) {
      const window = windowOf(source);
      window.count = Math.max(0, window.count - 1);
    },
  };
}
