// How many real bounces are read as others read them: status, reason, for good or not.
import { matchBounces, readBounceData } from '#test/support/bounce-data.ts';
import type { Figure, Measured } from '#test/bench/figure.ts';

export const bounceMatch: Figure = {
  name: 'bounce-match',
  unit: '%',
  target: { is: '>=', limit: 98 },
  measure(): Promise<Measured> {
    const cases = readBounceData();
    if (cases === null) throw new Error('The bounces of ../shared/data are not there.');
    const { matched, of, missed } = matchBounces(cases);
    return Promise.resolve({ value: (matched / of) * 100, notes: missed });
  },
};
