// Reads the numbers people type, the way they write them: `33,900`, `33.900,50`, `€ 1'200`. What cannot be read comes
// back as it was typed, so that no save can turn it into another number.
import { toMinorUnits } from '#shared/kernel/money.ts';

/** A currency without decimals: whole numbers are read by the same rules as amounts. */
const WITHOUT_DECIMALS = 'JPY';

const knownSigns = new Map<string, string>();

/** How the platform writes the currency (`€`, `kr`, `zł`), so that a shown amount can be read again. */
function signOf(currency: string): string {
  let sign = knownSigns.get(currency);
  if (sign === undefined) {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'narrowSymbol' });
    knownSigns.set(currency, (sign = format.formatToParts(0).find(({ type }) => type === 'currency')?.value ?? ''));
  }
  return sign;
}

/** Minor units of an amount, null for nothing, the text itself when it is not an amount of this currency. */
export function readAmount(text: string, currency: string): number | string | null {
  if (text.trim() === '') return null;
  return toMinorUnits(text.replaceAll(signOf(currency), ' '), currency) ?? text;
}

/** A whole number, null for nothing, the text itself when it is none. */
export function readWholeNumber(text: string): number | string | null {
  if (text.trim() === '') return null;
  return toMinorUnits(text, WITHOUT_DECIMALS) ?? text;
}
