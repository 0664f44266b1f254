import { describe, expect, it } from 'vitest';
import { codeOfStep, findStep, STEP_MS, stepOf, toBase32, totpUri } from '#server/identity/factors/totp.ts';

const secret = Buffer.from('12345678901234567890');

describe('TOTP', () => {
  it('IDT-12 makes the codes of RFC 6238', () => {
    // Its table has eight digits; the last six are what an app shows.
    const table = [
      [59, '287082'],
      [1_111_111_109, '081804'],
      [1_111_111_111, '050471'],
      [1_234_567_890, '005924'],
      [2_000_000_000, '279037'],
      [20_000_000_000, '353130'],
    ] as const;
    for (const [seconds, code] of table) expect(codeOfStep(secret, stepOf(seconds * 1000))).toBe(code);
  });

  it('IDT-12 writes secrets as apps read them', () => {
    expect(toBase32(Buffer.from('foobar'))).toBe('MZXW6YTBOI');
    expect(toBase32(Buffer.from('fooba'))).toBe('MZXW6YTB');
    const uri = new URL(totpUri(secret, 'Outpost Müller & Söhne', 'a@b.test'));
    expect(uri.searchParams.get('issuer')).toBe('Outpost Müller & Söhne');
    expect(uri.searchParams.get('secret')).toBe(toBase32(secret));
    expect(decodeURIComponent(uri.pathname)).toContain('a@b.test');
  });

  it('C4 finds the step of a code within one step of the clock, and none that is not newer than the last one', () => {
    const nowMs = 1_000_000 * STEP_MS + 1;
    for (const step of [999_999, 1_000_000, 1_000_001]) {
      expect(findStep(secret, codeOfStep(secret, step), nowMs, 0)).toBe(step);
      expect(findStep(secret, codeOfStep(secret, step), nowMs, step)).toBeNull();
    }
    for (const step of [999_998, 1_000_002]) expect(findStep(secret, codeOfStep(secret, step), nowMs, 0)).toBeNull();
    for (const typed of ['', '12345', '1234567', 'abcdef', '１２３４５６'])
      expect(findStep(secret, typed, nowMs, 0)).toBeNull();
    expect(
      findStep(
        secret,
        ` ${codeOfStep(secret, 1_000_000).slice(0, 3)} ${codeOfStep(secret, 1_000_000).slice(3)}`,
        nowMs,
        0,
      ),
    ).toBe(1_000_000);
  });
});
