// Numbers of a figure, and the small arithmetic all figures share. Nothing to divide by is no number, never zero.

/** One part of a figure: an option, a person, a stage, a month; null stands for "without". */
export interface MetricPart {
  readonly key: string | null;
  readonly numbers: readonly (number | null)[];
}

export interface MetricNumbers {
  readonly value: number | null;
  readonly parts?: readonly MetricPart[];
}

export function sumOf<Item>(items: readonly Item[], numberOf: (item: Item) => number): number {
  let sum = 0;
  for (const item of items) sum += numberOf(item);
  return sum;
}

/** Null without items. */
export function meanOf(numbers: readonly number[]): number | null {
  return numbers.length === 0 ? null : sumOf(numbers, (number) => number) / numbers.length;
}

export function ratioOf(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** In percent. */
export function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : (part / whole) * 100;
}

/** Money is whole minor units, also where it was divided. */
export function toMoney(amount: number | null): number | null {
  return amount === null ? null : Math.round(amount);
}

export function groupBy<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string | null,
): ReadonlyMap<string | null, readonly Item[]> {
  const groups = new Map<string | null, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** How many items each key has, the most first; "without" stands last. */
export function countBy<Item>(items: readonly Item[], keyOf: (item: Item) => string | null): readonly MetricPart[] {
  return largestFirst([...groupBy(items, keyOf)].map(([key, group]) => ({ key, numbers: [group.length] })));
}

export function largestFirst(parts: readonly MetricPart[]): readonly MetricPart[] {
  return parts.toSorted((a, b) => {
    if ((a.key === null) !== (b.key === null)) return a.key === null ? 1 : -1;
    return (b.numbers[0] ?? 0) - (a.numbers[0] ?? 0) || ((a.key ?? '') < (b.key ?? '') ? -1 : 1);
  });
}
