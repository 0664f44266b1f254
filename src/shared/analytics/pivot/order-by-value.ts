// Slots in the order of their values, by counting digits (radix sort): a million at a time, several times faster than comparing.

const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;

/** The slots that count (`cells` is not `nowhere`) and have a value, smallest value first, equal values in order of slots. */
export function orderByValue(numbers: Float64Array, slots: number, cells: Int32Array, nowhere: number): Int32Array {
  let order = new Int32Array(slots);
  let count = 0;
  for (let slot = 0; slot < slots; slot += 1) {
    if (cells[slot] === nowhere || Number.isNaN(numbers[slot] ?? Number.NaN)) continue;
    order[count] = slot;
    count += 1;
  }
  order = order.subarray(0, count);
  const { low, high } = sortableBits(numbers, order);
  let spare = new Int32Array(count);
  for (const [words, shift] of digitsOf(low, high)) {
    if (sortByDigit(words, shift, order, spare)) [order, spare] = [spare, order];
  }
  return order;
}

/** The bits of doubles turned so that unsigned whole numbers are in the same order. */
function sortableBits(numbers: Float64Array, order: Int32Array): { low: Uint32Array; high: Uint32Array } {
  const [low, high] = [new Uint32Array(numbers.length), new Uint32Array(numbers.length)];
  const double = new Float64Array(1);
  const words = new Uint32Array(double.buffer);
  for (const slot of order) {
    double[0] = (numbers[slot] ?? 0) + 0;
    const top = words[1] ?? 0;
    const flip = top >>> 31 === 1;
    low[slot] = flip ? ~(words[0] ?? 0) : (words[0] ?? 0);
    high[slot] = flip ? ~top : top | 0x8000_0000;
  }
  return { low, high };
}

function digitsOf(low: Uint32Array, high: Uint32Array): readonly (readonly [Uint32Array, number])[] {
  const shifts = [0, DIGIT_BITS, 2 * DIGIT_BITS];
  return [...shifts.map((shift) => [low, shift] as const), ...shifts.map((shift) => [high, shift] as const)];
}

/** Stable; false when all have the same digit, and nothing was moved. */
function sortByDigit(words: Uint32Array, shift: number, from: Int32Array, to: Int32Array): boolean {
  const starts = new Int32Array(DIGITS + 1);
  for (const slot of from) {
    const next = (((words[slot] ?? 0) >>> shift) & (DIGITS - 1)) + 1;
    starts[next] = (starts[next] ?? 0) + 1;
  }
  if (starts.includes(from.length)) return false;
  for (let digit = 1; digit <= DIGITS; digit += 1) starts[digit] = (starts[digit] ?? 0) + (starts[digit - 1] ?? 0);
  for (const slot of from) {
    const digit = ((words[slot] ?? 0) >>> shift) & (DIGITS - 1);
    const place = starts[digit] ?? 0;
    to[place] = slot;
    starts[digit] = place + 1;
  }
  return true;
}
