import { describe, expect, it } from 'vitest';
import { createAttemptLimits, signInPolicy } from '#server/identity/attempt-limits.ts';
import { createManualClock } from '#test/support/start-server.ts';

function tries(begin: () => void, most: number): number {
  for (let count = 0; count < most; count += 1) {
    try {
      begin();
    } catch {
      return count;
    }
  }
  return most;
}

describe('limits on guessing', () => {
  it('C3 stops a spray of names from one source, and lets other sources pass', () => {
    const limits = createAttemptLimits(createManualClock());
    let name = 0;
    const spray = (source: string) => () => limits.begin(`name-${String((name += 1))}`, source);
    expect(tries(spray('1.2.3.4'), 1_000)).toBe(signInPolicy.perSource);
    expect(tries(spray('5.6.7.8'), 10)).toBe(10);
  });

  it('C3 stops stuffing one account from many sources, and one pair early, so that its owner is not kept out from elsewhere', () => {
    const clock = createManualClock();
    const limits = createAttemptLimits(clock);
    expect(tries(() => limits.begin('ada', '1.1.1.1'), 100)).toBe(signInPolicy.perPair);
    expect(() => limits.begin('ada', '2.2.2.2')).not.toThrow();
    let source = 0;
    expect(tries(() => limits.begin('ada', `10.0.0.${String((source += 1))}`), 1_000)).toBe(
      signInPolicy.perAccount - signInPolicy.perPair - 1,
    );
    clock.advance(signInPolicy.windowMs);
    expect(() => limits.begin('ada', '1.1.1.1')).not.toThrow();
  });
});
