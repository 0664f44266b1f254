const knownDigits = new Map<string, number>();

/** Decimal places of a currency after ISO 4217, as the platform knows them. */
export function fractionDigits(currency: string): number {
  let digits = knownDigits.get(currency);
  if (digits === undefined) {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency });
    knownDigits.set(currency, (digits = format.resolvedOptions().maximumFractionDigits ?? 2));
  }
  return digits;
}
