// Codes of authenticator apps after RFC 6238 as all of them make them: SHA-1, six digits, steps of thirty seconds. A clock may
// be one step off. A code is taken once: whoever asks says which step was taken last, and no code up to it fits any more.
import { createHmac, timingSafeEqual } from 'node:crypto';

export const STEP_MS = 30_000;
/** Steps a clock may be off, either way. */
const DRIFT_STEPS = 1;
const DIGITS = 6;
/** As long as the hash, as RFC 4226 wants it. */
export const TOTP_SECRET_BYTES = 20;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export function stepOf(nowMs: number): number {
  return Math.floor(nowMs / STEP_MS);
}

export function codeOfStep(secret: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 0xf;
  const number = mac.readUInt32BE(offset) & 0x7f_ff_ff_ff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, '0');
}

/** The step whose code this is, newer than the last one that was taken; null when it is none. */
export function findStep(secret: Uint8Array, typed: string, nowMs: number, lastStep: number): number | null {
  const code = typed.replaceAll(/\s/g, '');
  if (!/^\d{6}$/.test(code)) return null;
  const now = stepOf(nowMs);
  let found: number | null = null;
  for (let step = now - DRIFT_STEPS; step <= now + DRIFT_STEPS; step += 1) {
    const isEqual = timingSafeEqual(Buffer.from(codeOfStep(secret, step)), Buffer.from(code));
    if (isEqual && step > lastStep) found = step;
  }
  return found;
}

export function toBase32(bytes: Uint8Array): string {
  let bits = 0;
  let held = 0;
  let text = '';
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += BASE32[(held >>> bits) & 31] ?? '';
    }
    held &= (1 << bits) - 1;
  }
  return bits > 0 ? text + (BASE32[(held << (5 - bits)) & 31] ?? '') : text;
}

/** What an authenticator app reads from a picture. */
export function totpUri(secret: Uint8Array, issuer: string, account: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
  return `otpauth://totp/${label}?secret=${toBase32(secret)}&issuer=${encodeURIComponent(issuer)}&algorithm=SHA1&digits=${String(DIGITS)}&period=30`;
}
