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

/** What numbers are like that are added up: how large together, and what they have beyond whole numbers. */
export interface Sizes {
  size: number;
  fractions: number;
}

export const createSizes = (): Sizes => ({ size: 0, fractions: 0 });

export function addSizes(sizes: Sizes, size: number, fractions: number): void {
  sizes.size += size;
  sizes.fractions += fractions;
}

/** True when all were there and whole, and no sum of them can be inexact. Anything empty makes both NaN, and this false. */
export const areExact = ({ size, fractions }: Sizes): boolean => fractions === 0 && size <= Number.MAX_SAFE_INTEGER;

/** So many numbers tell a column with empty or broken values nearly always. */
const SAMPLE = 1024;

/** What a column probably is, by its first values; whoever adds it up looks whether it was right. */
export function guessScale(numbers: Float64Array, slots: number): Scale | null {
  const sample = Math.min(SAMPLE, slots);
  for (let slot = 0; slot < sample; slot += 1) if (!Number.isInteger(numbers[slot])) return null;
  return { factor: 1, hasEmpty: false };
}

/** The scale in which all values, and any sum of them, are whole numbers that a double holds. NaN is empty. */
export function scaleOf(numbers: Float64Array, slots: number): Scale {
  let [size, fractions, filled] = [0, 0, 0];
  for (let slot = 0; slot < slots; slot += 1) {
    const value = numbers[slot] as number;
    if (Number.isNaN(value)) continue;
    filled += 1;
    size += Math.abs(value);
    fractions += value - Math.floor(value);
  }
  const factor = areExact({ size, fractions }) ? 1 : factorOf(numbers, slots);
  return { factor, hasEmpty: filled < slots };
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
