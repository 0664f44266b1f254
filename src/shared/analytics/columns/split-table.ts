// The records of a table with a slot for each value of their lists: what a pivot by products or tags is counted from. It is of
// the moment it was made.
import { NO_DAY, type Column, type ColumnTable, type SplitTable } from '#shared/analytics/column-table.ts';
import { createGrowingColumn } from '#shared/analytics/columns/growing-column.ts';
import { createListReader, createPartReader, type ConvertMoney } from '#shared/analytics/columns/read-path.ts';
import { listOnPath, pivotFieldAt } from '#shared/analytics/pivot-fields.ts';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { RecordSource } from '#shared/query/record-source.ts';

export interface SplitRecords extends SplitTable {
  /** The record of a slot. */
  idAt(slot: number): string | undefined;
}

/** A table that knows whose slots they are. */
type NamedTable = ColumnTable & { idAt(slot: number): string | undefined };

/** Lists by lists grow fast: 20 tags by 20 products are 400 slots for one record. */
const MOST_SLOTS = 4_000_000;

/** Null when none of the fields is a list or leads through one. */
export function splitTable(
  table: NamedTable,
  entity: EntityName,
  fields: readonly string[],
  source: RecordSource,
  convert: ConvertMoney,
): SplitRecords | null {
  const lists = listsOf(entity, fields, source);
  if (lists.size === 0) return null;
  const { records, values } = expand(table, source.all(entity), lists);
  const columns = new Map<string, Column | undefined>();
  const parts = new Map<string, Column | undefined>();
  const gathered = (path: string): Column | undefined => {
    const column = table.column(path);
    return column === undefined ? undefined : gather(column, records);
  };
  const partAt = (path: string): Column | undefined => {
    const field = pivotFieldAt(entity, path);
    const list = field === null ? null : listOnPath(field);
    const own = list === null ? undefined : values.get(list.path);
    if (field === null || list === null || own === undefined) return undefined;
    const read = createPartReader(source, field, list.steps, convert);
    const growing = createGrowingColumn(field.type, records.length);
    for (const [slot, value] of own.entries()) if (value !== null) growing.set(slot, read(value));
    return growing.column;
  };
  return {
    slots: records.length,
    live: new Uint8Array(records.length).fill(1),
    records,
    column: (path) => remembered(columns, path, gathered),
    part: (path) => remembered(parts, path, partAt),
    idAt: (slot) => table.idAt(records[slot] ?? -1),
  };
}

function remembered<Value>(known: Map<string, Value>, key: string, make: (key: string) => Value): Value {
  if (!known.has(key)) known.set(key, make(key));
  return known.get(key) as Value;
}

type ListReader = (record: AnyRecord) => readonly string[];

/** Each list once: products and the families of products go through the same one. */
function listsOf(entity: EntityName, fields: readonly string[], source: RecordSource): ReadonlyMap<string, ListReader> {
  const lists = new Map<string, ListReader>();
  for (const path of fields) {
    const field = pivotFieldAt(entity, path);
    const list = field === null ? null : listOnPath(field);
    if (field !== null && list !== null) lists.set(list.path, createListReader(source, field, list.steps));
  }
  return lists;
}

/** Slots for every combination of the values of all lists; a list without values is one empty value. */
function expand(
  table: NamedTable,
  records: ReadonlyMap<string, AnyRecord>,
  lists: ReadonlyMap<string, ListReader>,
): { readonly records: Int32Array; readonly values: ReadonlyMap<string, readonly (string | null)[]> } {
  const slots: number[] = [];
  const values = new Map<string, (string | null)[]>([...lists.keys()].map((path) => [path, []]));
  for (let slot = 0; slot < table.slots; slot += 1) {
    const record = table.live[slot] === 1 ? records.get(table.idAt(slot) ?? '') : undefined;
    if (record === undefined) continue;
    let rows: readonly (readonly (string | null)[])[] = [[]];
    for (const read of lists.values()) {
      const own = read(record);
      rows = rows.flatMap((row) => (own.length === 0 ? [[...row, null]] : own.map((value) => [...row, value])));
    }
    if (slots.length + rows.length > MOST_SLOTS) throw tooMany(rows.length, table.slots);
    for (const row of rows) {
      slots.push(slot);
      for (const [at, column] of [...values.values()].entries()) column.push(row[at] ?? null);
    }
  }
  return { records: Int32Array.from(slots), values };
}

function tooMany(rows: number, columns: number): OutpostError {
  return new OutpostError('too_many_cells', 'Too many values in the lists of this pivot: take fewer of them.', {
    rows,
    columns,
    cells: MOST_SLOTS,
    most: MOST_SLOTS,
  });
}

function gather(column: Column, records: Int32Array): Column {
  switch (column.kind) {
    case 'numbers':
      return { kind: 'numbers', numbers: Float64Array.from(records, (slot) => column.numbers[slot] ?? Number.NaN) };
    case 'days':
      return { kind: 'days', days: Int32Array.from(records, (slot) => column.days[slot] ?? NO_DAY) };
    case 'codes':
      return {
        kind: 'codes',
        codes: Int32Array.from(records, (slot) => column.codes[slot] ?? -1),
        values: column.values,
      };
  }
}
