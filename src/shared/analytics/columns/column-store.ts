// The records of an entity as columns, made when first asked for and moved by each change: what pivots and charts are
// calculated from. A column that runs over other records is made anew when one of those changed on the way.
import { splitTable, type SplitRecords } from '#shared/analytics/columns/split-table.ts';
import { createGrowingColumn, type GrowingColumn } from '#shared/analytics/columns/growing-column.ts';
import { createPathReader, moneyNames, type ConvertMoney } from '#shared/analytics/columns/read-path.ts';
import type { RecordChange, RecordSource } from '#shared/query/record-source.ts';
import type { Column, ColumnTable } from '#shared/analytics/column-table.ts';
import { inputsOfStep, pivotFieldAt, type PivotField } from '#shared/analytics/pivot-fields.ts';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import { isMoveEntry } from '#shared/entities/stage-change/changed-groups.ts';

/** Told about a table that changes. */
export interface TableListener {
  /** A record leaves its slot; the columns still hold it. */
  onLeave(slot: number): void;
  /** A record stands in a slot; the columns hold it. */
  onEnter(slot: number): void;
  /** More than single records changed: everything has to be read anew. */
  onReset(): void;
}

export interface LiveTable extends ColumnTable {
  idAt(slot: number): string | undefined;
  follow(listener: TableListener): () => void;
}

export interface ColumnStore {
  table(entity: EntityName): LiveTable;
  /** The same with a slot for each value of the lists among these fields; null when there is none among them. */
  split(entity: EntityName, fields: readonly string[]): SplitRecords | null;
  /** What money is worth has changed. */
  resetMoney(): void;
  stop(): void;
}

interface KnownColumn {
  readonly field: PivotField;
  readonly read: (record: AnyRecord) => unknown;
  growing: GrowingColumn | null;
}

/** Stage changes are moves: entries of the history that tell of something else would be counted as some. */
function isCounted(record: AnyRecord): boolean {
  return record.kind !== 'stageChange' || isMoveEntry(record);
}

class Table implements LiveTable {
  slots = 0;
  live = new Uint8Array(256);
  readonly #entity: EntityName;
  readonly #source: RecordSource;
  readonly #convert: ConvertMoney;
  readonly #ids: (string | undefined)[] = [];
  readonly #slotById = new Map<string, number>();
  readonly #free: number[] = [];
  readonly #columns = new Map<string, KnownColumn | null>();
  readonly #listeners = new Set<TableListener>();

  constructor(entity: EntityName, source: RecordSource, convert: ConvertMoney) {
    this.#entity = entity;
    this.#source = source;
    this.#convert = convert;
    for (const record of source.all(entity).values()) if (isCounted(record)) this.#take(record.id);
  }

  idAt(slot: number): string | undefined {
    return this.#ids[slot];
  }

  follow(listener: TableListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  column(path: string): Column | undefined {
    let known = this.#columns.get(path);
    if (known === undefined) {
      const field = pivotFieldAt(this.#entity, path);
      known =
        field === null ? null : { field, read: createPathReader(this.#source, field, this.#convert), growing: null };
      this.#columns.set(path, known);
    }
    if (known === null) return undefined;
    known.growing ??= this.#fill(known);
    return known.growing.column;
  }

  #fill({ field, read }: KnownColumn): GrowingColumn {
    const growing = createGrowingColumn(field.type, this.slots);
    // Records mostly lie in the order of their slots: then none has to be looked up.
    let next = 0;
    for (const record of this.#source.all(this.#entity).values()) {
      const slot = this.#ids[next] === record.id ? next : this.#slotById.get(record.id);
      if (slot === undefined) continue;
      growing.set(slot, read(record));
      next = slot + 1;
    }
    return growing;
  }

  #take(id: string): number {
    const slot = this.#free.pop() ?? this.slots++;
    if (slot >= this.live.length) {
      const longer = new Uint8Array(slot * 2);
      longer.set(this.live);
      this.live = longer;
    }
    this.live[slot] = 1;
    this.#ids[slot] = id;
    this.#slotById.set(id, slot);
    return slot;
  }

  change({ id, after: now }: RecordChange): void {
    const after = now !== undefined && isCounted(now) ? now : undefined;
    const before = this.#slotById.get(id);
    if (before !== undefined) {
      for (const listener of this.#listeners) listener.onLeave(before);
      if (after === undefined) {
        this.live[before] = 0;
        this.#ids[before] = undefined;
        this.#slotById.delete(id);
        this.#free.push(before);
        return;
      }
    }
    if (after === undefined) return;
    const slot = before ?? this.#take(id);
    for (const known of this.#columns.values()) known?.growing?.set(slot, known.read(after));
    for (const listener of this.#listeners) listener.onEnter(slot);
  }

  /** A record of another entity, which paths may run over. */
  changeOther(changes: readonly RecordChange[]): void {
    this.#forget(({ steps, type }) =>
      changes.some(({ entity, before, after }) => {
        const isMoved = (name: string): boolean => !isSame(before?.[name], after?.[name]);
        return steps.some(
          (step, place) =>
            place > 0 &&
            step.entity === entity &&
            (inputsOfStep(step).some(isMoved) || (type === 'money' && moneyNames.some(isMoved))),
        );
      }),
    );
  }

  resetMoney(): void {
    this.#forget(({ type }) => type === 'money');
  }

  #forget(isStale: (field: PivotField) => boolean): void {
    let isAny = false;
    for (const known of this.#columns.values()) {
      if (known === null || known.growing === null || !isStale(known.field)) continue;
      known.growing = null;
      isAny = true;
    }
    if (isAny) for (const listener of this.#listeners) listener.onReset();
  }
}

function isSame(left: unknown, right: unknown): boolean {
  return left === right || (Array.isArray(left) && Array.isArray(right) && left.join() === right.join());
}

export function createColumnStore(source: RecordSource, convert: ConvertMoney): ColumnStore {
  const tables = new Map<EntityName, Table>();
  const unsubscribe = source.subscribe((changes) => {
    for (const [entity, table] of tables) {
      const others: RecordChange[] = [];
      for (const change of changes) {
        if (change.entity === entity) table.change(change);
        else others.push(change);
      }
      if (others.length > 0) table.changeOther(others);
    }
  });
  const tableOf = (entity: EntityName): Table => {
    let table = tables.get(entity);
    if (table === undefined) tables.set(entity, (table = new Table(entity, source, convert)));
    return table;
  };
  return {
    table: tableOf,
    split: (entity, fields) => splitTable(tableOf(entity), entity, fields, source, convert),
    resetMoney() {
      for (const table of tables.values()) table.resetMoney();
    },
    stop: unsubscribe,
  };
}
