// How a record is taken apart into the slots of a table: whole, into its lines, and by lists, into one slot for every
// combination of their values. The slots of a row (a record or a line) follow one another.
import { linesOf, type Line } from '#shared/analytics/deal-lines.ts';
import { createListReader } from '#shared/analytics/columns/read-path.ts';
import { listOnPath, pivotFieldAt, type PivotField } from '#shared/analytics/pivot-fields.ts';
import type { PivotSource } from '#shared/analytics/pivot-source.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { isMoveEntry } from '#shared/entities/stage-change/changed-groups.ts';
import type { RecordSource } from '#shared/query/record-source.ts';

/** What stands in one slot. */
export interface Part {
  /** Which of the rows of its record. */
  readonly row: number;
  readonly line: Line | undefined;
  /** One value of each list; null where a list has none. */
  readonly values: readonly (string | null)[];
}

/** The slots of a record, in order; none for a record that does not count. */
export type TakeApart = (record: AnyRecord) => readonly Part[];

const nothing: readonly Part[] = [];
const asWhole: readonly Part[] = [{ row: 0, line: undefined, values: [] }];

/** Stage changes are moves: entries of the history that tell of something else would be counted as some. */
function isCounted(record: AnyRecord): boolean {
  return record.kind !== 'stageChange' || isMoveEntry(record);
}

/** Into the rows of a source. */
export function takeRows(source: PivotSource): TakeApart {
  if (source !== 'dealLine') return (record) => (isCounted(record) ? asWhole : nothing);
  return (deal) => linesOf(deal).map((line, row) => ({ row, line, values: [] }));
}

/** A list some paths go through. */
export interface KnownList {
  readonly path: string;
  readonly field: PivotField;
  readonly steps: number;
}

/** Each list once: products and the families of products go through the same one. */
export function listsOf(source: PivotSource, paths: readonly string[]): readonly KnownList[] {
  const lists = new Map<string, KnownList>();
  for (const path of paths) {
    const field = pivotFieldAt(source, path);
    const list = field === null ? null : listOnPath(field);
    if (field !== null && list !== null) lists.set(list.path, { path: list.path, field, steps: list.steps });
  }
  return [...lists.values()].sort((left, right) => (left.path < right.path ? -1 : 1));
}

/** Each row again into the combinations of the values of all lists; a list without values is one empty value. */
export function takeValues(source: RecordSource, rows: TakeApart, lists: readonly KnownList[]): TakeApart {
  const readers = lists.map(({ field, steps }) => createListReader(source, field, steps));
  return (record) =>
    rows(record).flatMap((part) => {
      let parts: readonly Part[] = [part];
      for (const read of readers) {
        const own = read(record, part.line);
        const values = own.length === 0 ? [null] : own;
        parts = parts.flatMap((before) => values.map((value) => ({ ...before, values: [...before.values, value] })));
      }
      return parts;
    });
}
