// The lines of a deal as what a pivot asks about: each is a row, with the fields of its own and those of its deal. They lie
// in one field of the deal, so whoever does not see that field sees no line; and no line tells what another field of the
// deal hides: prices are as visible as the amount, products as the products.
import type { FieldType, EntityName } from '#shared/entities/define-entity.ts';
import { isPlainObject } from '#shared/kernel/json.ts';

/** A line that could be read; null where it says nothing. */
export interface Line {
  readonly productId: string | null;
  readonly quantity: number | null;
  /** Of one, in minor units of the deal's currency. */
  readonly unitPrice: number | null;
  readonly discountPercent: number | null;
}

interface LineField {
  readonly type: FieldType;
  readonly to?: EntityName;
  /** Fields of the deal it is made of. */
  readonly from: readonly string[];
}

/** Fields of lines, in the order they are offered. `discount` is what the discount of the line comes to, `total` what is left. */
export const lineFields: Readonly<Record<string, LineField>> = {
  productId: { type: 'reference', to: 'product', from: ['lines', 'productIds'] },
  quantity: { type: 'number', from: ['lines'] },
  unitPrice: { type: 'money', from: ['lines', 'amount'] },
  discountPercent: { type: 'percent', from: ['lines'] },
  discount: { type: 'money', from: ['lines', 'amount'] },
  total: { type: 'money', from: ['lines', 'amount'] },
};

const numberAt = (line: Readonly<Record<string, unknown>>, name: string): number | null => {
  const value = line[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
};

/** The lines of a deal; what is no line is passed over. */
export function linesOf(deal: Readonly<Record<string, unknown>>): readonly Line[] {
  const { lines } = deal;
  if (!Array.isArray(lines)) return [];
  return lines.filter(isPlainObject).map((line) => {
    const { productId } = line;
    return {
      productId: typeof productId === 'string' && productId !== '' ? productId : null,
      quantity: numberAt(line, 'quantity'),
      unitPrice: numberAt(line, 'unitPrice'),
      discountPercent: numberAt(line, 'discountPercent'),
    };
  });
}

/** What a line has in one of its fields; money in minor units of the deal's currency. */
export function valueOfLine(line: Line, name: string): string | number | null {
  switch (name) {
    case 'productId':
    case 'quantity':
    case 'unitPrice':
    case 'discountPercent':
      return line[name];
    case 'total':
      return totalOf(line);
    case 'discount': {
      const [gross, total] = [totalOf({ ...line, discountPercent: null }), totalOf(line)];
      return gross === null || total === null ? null : gross - total;
    }
    default:
      return null;
  }
}

/** Quantity × price less the discount, rounded half away from zero to a whole minor unit. */
function totalOf({ quantity, unitPrice, discountPercent }: Line): number | null {
  if (quantity === null || unitPrice === null) return null;
  const left = 100 - (discountPercent ?? 0);
  const hundredfold = quantity * unitPrice * left;
  const isExact = [quantity, unitPrice, left, hundredfold].every((value) => Number.isSafeInteger(value));
  return isExact ? roundAwayFromZero(hundredfold / 100) : exactly(quantity, unitPrice, discountPercent ?? 0);
}

const roundAwayFromZero = (value: number): number => Math.sign(value) * Math.round(Math.abs(value)) + 0;

/** The same with decimals as they are written: 0.07 is seven hundredths, and not what a computer makes of it. */
function exactly(quantity: number, unitPrice: number, discountPercent: number): number {
  const [amount, price, discount] = [quantity, unitPrice, discountPercent].map(decimalOf) as [
    Decimal,
    Decimal,
    Decimal,
  ];
  const whole = 10n ** BigInt(discount.places);
  const numerator = amount.digits * price.digits * (100n * whole - discount.digits);
  const denominator = 100n * whole * 10n ** BigInt(amount.places + price.places);
  const size = numerator < 0n ? -numerator : numerator;
  const rounded = (2n * size + denominator) / (2n * denominator);
  return Number(numerator < 0n ? -rounded : rounded);
}

interface Decimal {
  readonly digits: bigint;
  readonly places: number;
}

function decimalOf(value: number): Decimal {
  const [mantissa = '0', exponent = '0'] = String(value).split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  const places = fraction.length - Number(exponent);
  const digits = BigInt(`${whole}${fraction}`);
  return places >= 0 ? { digits, places } : { digits: digits * 10n ** BigInt(-places), places: 0 };
}
