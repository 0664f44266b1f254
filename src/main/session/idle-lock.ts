// Whoever leaves the computer alone for as long as the organization says finds it locked: screens stay as they are behind a
// cover, so that nothing typed is lost, and pages are told nothing until the password was entered. Works without a network and
// over a restart: a keyed hash of the password lies in the sealed profile. A clock that is set back gains nothing, because the
// time since the computer started counts as well. A rule, like the lease, not a safe: who owns the computer owns the disk.
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { normalizePassword } from '#shared/access/password-policy.ts';
import type { Clock } from '#shared/kernel/ports.ts';

export interface KeptIdleLock {
  /** Minutes; 0 never. As the server said last. */
  readonly minutes: number;
  /** Null for somebody who signs in without a password: then only signing in again opens it. */
  readonly verifier: { readonly salt: string; readonly hash: string } | null;
  readonly isLocked: boolean;
  /** Instant of the last key or click that was written down. */
  readonly seenAtMs: number;
  readonly wrongAttempts: number;
}

export const noIdleLock: KeptIdleLock = { minutes: 0, verifier: null, isLocked: false, seenAtMs: 0, wrongAttempts: 0 };
/** With it the session ends on this computer; signing in again needs the server. */
export const MOST_UNLOCK_ATTEMPTS = 10;
/** Looking into the profile for every key would write all day. */
const KEEP_EVERY_MS = 60_000;
const HASH_BYTES = 32;
const cost = { N: 32_768, r: 8, p: 1, maxmem: 64 * 1024 * 1024 } as const;

const derive = promisify<string, Buffer, number, typeof cost, Buffer>(scrypt);

export async function makeVerifier(password: string): Promise<NonNullable<KeptIdleLock['verifier']>> {
  const salt = randomBytes(16);
  const hash = await derive(normalizePassword(password), salt, HASH_BYTES, cost);
  return { salt: salt.toString('base64'), hash: hash.toString('base64') };
}

export interface IdleLock {
  readonly isLocked: () => boolean;
  /** After which it locks; 0 never. */
  readonly minutes: () => number;
  /** Somebody pressed a key or clicked. */
  noteActivity(): void;
  /** Somebody has just signed in. */
  begin(): void;
  /** True when it has just locked. */
  check(): boolean;
  lock(): void;
  /** `over`: that was the last attempt. */
  unlock(password: string): Promise<'open' | 'wrong' | 'over'>;
  setMinutes(minutes: number): void;
  setPassword(password: string): Promise<void>;
}

export interface IdleLockDeps {
  readonly clock: Clock;
  readonly uptimeMs: () => number;
  readonly kept: () => KeptIdleLock;
  readonly keep: (next: KeptIdleLock) => void;
}

export function createIdleLock({ clock, uptimeMs, kept, keep }: IdleLockDeps): IdleLock {
  let seenUptimeMs = uptimeMs();
  let seenAtMs = kept().seenAtMs === 0 ? clock.now() : kept().seenAtMs;

  function lock(): void {
    keep({ ...kept(), isLocked: true, seenAtMs });
  }

  return {
    isLocked: () => kept().isLocked,
    minutes: () => kept().minutes,
    noteActivity() {
      if (kept().isLocked) return;
      seenAtMs = clock.now();
      seenUptimeMs = uptimeMs();
      if (Math.abs(seenAtMs - kept().seenAtMs) >= KEEP_EVERY_MS) keep({ ...kept(), seenAtMs });
    },
    begin() {
      seenAtMs = clock.now();
      seenUptimeMs = uptimeMs();
      keep({ ...kept(), isLocked: false, wrongAttempts: 0, seenAtMs });
    },
    check() {
      const { minutes, isLocked } = kept();
      if (minutes === 0 || isLocked) return false;
      const idleMs = Math.max(clock.now() - seenAtMs, uptimeMs() - seenUptimeMs);
      // A clock far behind what was seen was set back.
      const isTurnedBack = seenAtMs - clock.now() > KEEP_EVERY_MS;
      if (idleMs < minutes * 60_000 && !isTurnedBack) return false;
      lock();
      return true;
    },
    lock,
    async unlock(password) {
      const { verifier, wrongAttempts } = kept();
      // Counted before it is checked: a crash in between gains nothing.
      keep({ ...kept(), wrongAttempts: wrongAttempts + 1 });
      const hash = verifier === null ? null : Buffer.from(verifier.hash, 'base64');
      const salt = Buffer.from(verifier?.salt ?? '', 'base64');
      const typed = await derive(normalizePassword(password), salt, HASH_BYTES, cost);
      if (hash !== null && timingSafeEqual(hash, typed)) {
        seenAtMs = clock.now();
        seenUptimeMs = uptimeMs();
        keep({ ...kept(), isLocked: false, wrongAttempts: 0, seenAtMs });
        return 'open';
      }
      return wrongAttempts + 1 >= MOST_UNLOCK_ATTEMPTS ? 'over' : 'wrong';
    },
    setMinutes(minutes) {
      if (kept().minutes !== minutes) keep({ ...kept(), minutes });
    },
    async setPassword(password) {
      const verifier = await makeVerifier(password);
      keep({ ...kept(), verifier });
    },
  };
}
