// Sums without dust: 0.1 + 0.2 is 0.3. Numbers that people write have few decimals; scaled to whole numbers they are added
// exactly, as money is. What cannot be scaled (a third, or too large) is added with the lost digits carried along.

const MOST_DECIMALS = 9;
const POWERS = Array.from({ length: MOST_DECIMALS + 1 }, (_, exponent) => 10 ** exponent);

/** What adding up a column of numbers has to take care of. */
export interface Scale {
  /** Values times this are whole numbers; 0: they cannot be made whole, sums carry the lost digits along. */
  readonly factor: number;
  /** Some values may be empty. */
  readonly hasEmpty: boolean;
}

/** The scale in which all values, and any sum of them, are whole numbers that a double holds. NaN is empty. */
export function scaleOf(numbers: Float64Array, slots: number): Scale {
  const { size, fractions } = addSizes(numbers, slots);
  // Both are NaN when anything is empty.
  if (fractions === 0) return { factor: size <= Number.MAX_SAFE_INTEGER ? 1 : 0, hasEmpty: false };
  return { factor: factorOf(numbers, slots), hasEmpty: Number.isNaN(size) };
}

/** Two at a time, as no addition then waits for the one before. */
function addSizes(numbers: Float64Array, slots: number): { readonly size: number; readonly fractions: number } {
  let [size, otherSize, fractions, otherFractions] = [0, 0, 0, 0];
  for (let slot = 0; slot + 1 < slots; slot += 2) {
    const value = numbers[slot] as number;
    const other = numbers[slot + 1] as number;
    size += Math.abs(value);
    otherSize += Math.abs(other);
    fractions += value - Math.floor(value);
    otherFractions += other - Math.floor(other);
  }
  const last = slots % 2 === 1 ? (numbers[slots - 1] as number) : 0;
  return {
    size: size + otherSize + Math.abs(last),
    fractions: fractions + otherFractions + (last - Math.floor(last)),
  };
}

function factorOf(numbers: Float64Array, slots: number): number {
  let exponent = 0;
  let size = 0;
  for (let slot = 0; slot < slots; slot += 1) {
    const value = numbers[slot] as number;
    if (Number.isNaN(value)) continue;
    size += Math.abs(value);
    while (exponent <= MOST_DECIMALS && !isWhole(value, POWERS[exponent] ?? 0)) exponent += 1;
    if (exponent > MOST_DECIMALS) return 0;
  }
  const factor = POWERS[exponent] ?? 0;
  return size * factor <= Number.MAX_SAFE_INTEGER ? factor : 0;
}

/** True when the value has no more decimals than the scale. */
export function isWhole(value: number, factor: number): boolean {
  return Math.round(value * factor) / factor === value;
}

/**
 * A result of arithmetic without the dust it made: the shortest decimal within the rounding error of numbers as large as
 * `magnitude`, else the result itself.
 */
export function withoutDust(result: number, magnitude: number): number {
  if (Number.isInteger(result) || !Number.isFinite(result)) return result;
  const error = Math.max(Math.abs(magnitude), Math.abs(result)) * 8 * Number.EPSILON;
  for (const power of POWERS) {
    const rounded = Math.round(result * power) / power;
    if (Math.abs(rounded - result) <= error) return rounded;
  }
  return result;
}
