import type { CustomOption } from '#shared/entities/custom-field/custom-field.ts';

/** A value for a label: its letters and digits, and a number behind them where another option has them, too. */
function valueFor(label: string, taken: ReadonlySet<string>): string {
  const plain = label
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 32);
  const base = plain === '' ? 'option' : plain;
  if (!taken.has(base)) return base;
  for (let number = 2; ; number += 1) if (!taken.has(`${base}_${String(number)}`)) return `${base}_${String(number)}`;
}

/** An option as it is to be: one that is there is known by its value, a new one has none. */
export interface WantedOption {
  readonly value?: string;
  readonly label: string;
}

/** Options in the wanted order. What is there keeps its value; what is not wanted any more is archived. */
export function nextOptions(before: readonly CustomOption[], wanted: readonly WantedOption[]): readonly CustomOption[] {
  const taken = new Set(before.map(({ value }) => value));
  const named = wanted.map((option): CustomOption => {
    const label = option.label.trim();
    const known = before.find(
      ({ value, label: text }) => value === option.value || (option.value === undefined && text === label),
    );
    if (known !== undefined) return { value: known.value, label };
    const value = valueFor(label, taken);
    taken.add(value);
    return { value, label };
  });
  const used = new Set(named.map(({ value }) => value));
  const gone = before.filter(({ value }) => !used.has(value)).map((option) => ({ ...option, isArchived: true }));
  return [...named, ...gone];
}
