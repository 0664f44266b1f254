// The rows of a source with a slot for each value of their lists: what a pivot by products or tags is counted from.
import type { Column } from '#shared/analytics/column-table.ts';
import { createGrowingColumn, type GrowingColumn } from '#shared/analytics/columns/growing-column.ts';
import type { LiveSplitTable } from '#shared/analytics/columns/live-table.ts';
import { createPartReader, type ConvertMoney } from '#shared/analytics/columns/read-path.ts';
import { takeRows, takeValues, type KnownList, type Part } from '#shared/analytics/columns/record-parts.ts';
import { isMovedBy, RecordTable } from '#shared/analytics/columns/record-table.ts';
import { listOnPath, pivotFieldAt, type PivotField } from '#shared/analytics/pivot-fields.ts';
import type { PivotSource } from '#shared/analytics/pivot-source.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { RecordChange, RecordSource } from '#shared/query/record-source.ts';

/** Lists by lists grow fast: 20 tags by 20 products are 400 slots for one record. */
const MOST_SLOTS = 4_000_000;

interface KnownPart {
  readonly field: PivotField;
  /** Which of the lists. */
  readonly list: number;
  readonly read: (value: string) => unknown;
  growing: GrowingColumn | null;
}

export class RecordSplitTable extends RecordTable implements LiveSplitTable {
  records = new Int32Array(256);
  /** The lists lie in records that changed: the table has to be made anew. */
  isOutdated = false;
  readonly #lists: readonly KnownList[];
  readonly #parts = new Map<string, KnownPart | null>();

  constructor(asked: PivotSource, source: RecordSource, convert: ConvertMoney, lists: readonly KnownList[]) {
    super(asked, source, convert, takeValues(source, takeRows(asked), lists));
    this.#lists = lists;
  }

  part(path: string): Column | undefined {
    let known = this.#parts.get(path);
    if (known === undefined) this.#parts.set(path, (known = this.#partAt(path)));
    if (known === null) return undefined;
    if (known.growing === null) {
      const { field } = known;
      const own = known;
      const growing = (known.growing = createGrowingColumn(field.type, this.slots));
      this.eachPart((slot, _record, part) => setPart(growing, own, slot, part));
    }
    return known.growing.column;
  }

  #partAt(path: string): KnownPart | null {
    const field = pivotFieldAt(this.asked, path);
    const list = field === null ? null : listOnPath(field);
    const at = this.#lists.findIndex((known) => known.path === list?.path);
    if (field === null || list === null || at < 0) return null;
    return { field, list: at, read: createPartReader(this.source, field, list.steps, this.convert), growing: null };
  }

  protected override placed(first: number, parts: readonly Part[]): void {
    if (!this.isFilled && this.slots > MOST_SLOTS) throw tooMany(this.slots);
    if (this.slots > this.records.length) {
      const longer = new Int32Array(this.slots * 2);
      longer.set(this.records);
      this.records = longer;
    }
    let [row, start] = [-1, first];
    for (const [at, part] of parts.entries()) {
      if (part.row !== row) [row, start] = [part.row, first + at];
      this.records[first + at] = start;
    }
    for (const known of this.#parts.values()) {
      const growing = known?.growing;
      if (known === null || growing === null || growing === undefined) continue;
      for (const [at, part] of parts.entries()) setPart(growing, known, first + at, part);
    }
  }

  override changeOther(changes: readonly RecordChange[]): void {
    const isListMoved = this.#lists.some(({ field, steps }) =>
      field.steps.slice(1, steps).some((step) => isMovedBy(step, 'tags', changes)),
    );
    if (isListMoved) {
      this.isOutdated = true;
      this.reset();
    }
    super.changeOther(changes);
  }

  protected override forget(isStale: (field: PivotField) => boolean): void {
    let isAny = false;
    for (const known of this.#parts.values()) {
      if (known === null || known.growing === null || !isStale(known.field)) continue;
      known.growing = null;
      isAny = true;
    }
    if (isAny) this.reset();
    super.forget(isStale);
  }
}

/** An empty value stands where a list has none, and where a slot held one before. */
function setPart(growing: GrowingColumn, { list, read }: KnownPart, slot: number, { values }: Part): void {
  const value = values[list] ?? null;
  growing.set(slot, value === null ? null : read(value));
}

function tooMany(slots: number): OutpostError {
  return new OutpostError('too_many_cells', 'Too many values in the lists of this pivot: take fewer of them.', {
    rows: slots,
    columns: 1,
    cells: MOST_SLOTS,
    most: MOST_SLOTS,
  });
}
