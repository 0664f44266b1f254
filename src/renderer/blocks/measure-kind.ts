// How a number of a value is entered.
import { fractionDigits } from '#shared/words/currency-digits.ts';
import type { MeasureKind } from '#shared/analytics/measure-kind.ts';

/** What a number that people enter is multiplied by to be one of a cell. */
export function scaleOf(kind: MeasureKind, currency: string): number {
  if (kind === 'money') return 10 ** fractionDigits(currency);
  return kind === 'share' ? 0.01 : 1;
}
