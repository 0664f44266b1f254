// The order of rows: a total order that every computer agrees on. Empty values come last in both directions, numbers
// are numbers, text is folded, closed lists follow the order of their options, and equal rows are told apart by id.
import type { EntityDefinition } from '#shared/entities/define-entity.ts';
import { compareText, typeOfField } from '#shared/query/evaluate-filter.ts';
import type { Sort } from '#shared/query/filter.ts';
import { foldText } from '#shared/query/words.ts';

type Row = Readonly<Record<string, unknown>> & { readonly id: string };
type SortKey = number | string | null;

/**
 * A comparator for one sorting of rows. Keys are computed once per row, so use a new comparator for each sorting.
 * `labels`: titles of referenced records by id; references without a label come last.
 */
export function compareBySort(
  definition: EntityDefinition,
  sort: readonly Sort[],
  labels: Readonly<Record<string, string>> = {},
): (left: Row, right: Row) => number {
  const columns = sort.map(({ field, direction }) => ({
    toKey: rememberKeys(createToKey(definition, field, labels)),
    sign: direction === 'desc' ? -1 : 1,
  }));
  return (left, right) => {
    for (const { toKey, sign } of columns) {
      const order = compareKeys(toKey(left), toKey(right), sign);
      if (order !== 0) return order;
    }
    return compareText(left.id, right.id);
  };
}

function rememberKeys(toKey: (row: Row) => SortKey): (row: Row) => SortKey {
  const known = new WeakMap<Row, SortKey>();
  return (row) => {
    const remembered = known.get(row);
    if (remembered !== undefined) return remembered;
    const key = toKey(row);
    known.set(row, key);
    return key;
  };
}

function createToKey(
  definition: EntityDefinition,
  field: string,
  labels: Readonly<Record<string, string>>,
): (row: Row) => SortKey {
  const type = typeOfField(definition, field);
  if (type === 'select') {
    const ranks = new Map((definition.fields[field]?.options ?? []).map((option, rank) => [option.value, rank]));
    return (row) => ranks.get(String(row[field])) ?? null;
  }
  if (type === 'reference') return (row) => toTextKey(labels[String(row[field])]);
  if (type === 'boolean') return (row) => (row[field] === true ? 1 : 0);
  if (type === 'date' || type === 'dateTime') return (row) => (typeof row[field] === 'string' ? row[field] : null);
  return (row) => {
    const value = row[field];
    if (typeof value === 'number') return Number.isNaN(value) ? null : value;
    return toTextKey(Array.isArray(value) ? value.join(' ') : value);
  };
}

function toTextKey(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? foldText(value) : null;
}

function compareKeys(left: SortKey, right: SortKey, sign: number): number {
  if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1;
  if (typeof left === 'number' && typeof right === 'number') return left === right ? 0 : left < right ? -sign : sign;
  if (typeof left === 'number' || typeof right === 'number') return typeof left === 'number' ? -1 : 1;
  return compareText(left, right) * sign;
}
