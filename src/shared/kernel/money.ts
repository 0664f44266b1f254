// Money is an integer of minor units; decimal text is read exactly, without ever passing through a floating point
// number. What cannot be read without guessing a value away (more decimals than the currency has) is refused.

/** Currencies whose exponent is not 2 (ISO 4217). */
const EXPONENTS: Readonly<Record<string, number>> = {
  BHD: 3,
  BIF: 0,
  CLF: 4,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  IQD: 3,
  ISK: 0,
  JOD: 3,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  PYG: 0,
  RWF: 0,
  TND: 3,
  UGX: 0,
  UYI: 0,
  UYW: 4,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
};

/** Number of decimals of a currency, 2 unless ISO 4217 says otherwise. */
export function exponentOf(currency: string): number {
  return EXPONENTS[currency] ?? 2;
}

export type DecimalSeparator = '.' | ',';

/** Everything around the digits that people and spreadsheets write: code or sign of a currency, spaces, apostrophes. */
const DECORATION = /[\s\u00a0\u202f'’_]|[$€£¥₹]|\b[A-Z]{3}\b/g;

/**
 * Minor units of a written amount: `1,234.50`, `1.234,50`, `1 234,5`, `1'234.50`, `-12`, `(12.00)`, `€ 5` (12345 for
 * `123.45` in EUR). Null when it is not an amount, or has more decimals than the currency, or is too large.
 * A single separator before exactly three digits separates thousands, unless `decimal` says it is the decimal one.
 */
export function toMinorUnits(text: string, currency: string, decimal?: DecimalSeparator): number | null {
  let plain = text.trim();
  const isBracketed = /^\(.*\)$/.test(plain);
  if (isBracketed) plain = plain.slice(1, -1);
  plain = plain.replace(DECORATION, '').replace('−', '-');
  const isNegative = plain.startsWith('-') || plain.endsWith('-');
  plain = plain.replace(/^[+-]/, '').replace(/-$/, '');
  if (isBracketed && isNegative) return null;
  if (!/^(?:\d[\d.,]*|[.,]\d+)$/.test(plain)) return null;
  const exponent = exponentOf(currency);
  const parts = splitDecimal(plain, decimal ?? guessSeparator(plain, exponent));
  if (parts === null) return null;
  const fraction = parts.fraction.replace(/0+$/, '');
  if (fraction.length > exponent) return null;
  const value = Number(parts.whole + fraction.padEnd(exponent, '0'));
  if (!Number.isSafeInteger(value)) return null;
  return value !== 0 && (isNegative || isBracketed) ? -value : value;
}

/** Exact decimal text with a point and all decimals of the currency: 123450 EUR is `1234.50`. */
export function toDecimalText(minorUnits: number, currency: string): string {
  const exponent = exponentOf(currency);
  const digits = String(Math.abs(minorUnits)).padStart(exponent + 1, '0');
  const sign = minorUnits < 0 ? '-' : '';
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

function guessSeparator(plain: string, exponent: number): DecimalSeparator {
  const point = plain.lastIndexOf('.');
  const comma = plain.lastIndexOf(',');
  if (point !== -1 && comma !== -1) return point > comma ? '.' : ',';
  const separator = point === -1 ? ',' : '.';
  const other = separator === '.' ? ',' : '.';
  if (plain.indexOf(separator) !== plain.lastIndexOf(separator)) return other;
  const looksLikeThousands = /^[1-9]\d{0,2}[.,]\d{3}$/.test(plain);
  if (!looksLikeThousands) return separator;
  // `1.234` of a currency with three decimals is written with a point as decimals; everything else are thousands.
  return exponent === 3 ? '.' : other;
}

function splitDecimal(plain: string, decimal: DecimalSeparator): { whole: string; fraction: string } | null {
  const pieces = plain.split(decimal);
  if (pieces.length > 2) return null;
  const [whole = '', fraction = ''] = pieces;
  const group = decimal === '.' ? ',' : '.';
  if (fraction.includes(group)) return null;
  if (whole.includes(group) && !/^\d{1,3}(?:[.,]\d{2,3})*[.,]\d{3}$/.test(whole)) return null;
  return { whole: whole.replaceAll(group, '') || '0', fraction };
}
