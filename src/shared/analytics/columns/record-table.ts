// The rows of a source as columns, moved by each change of a record. A record has as many slots as parts, one after another;
// a change that leaves it as many leaves it where it is.
import type { Column } from '#shared/analytics/column-table.ts';
import { createGrowingColumn, type GrowingColumn } from '#shared/analytics/columns/growing-column.ts';
import { createPathReader, moneyNames, type ConvertMoney, type ReadRow } from '#shared/analytics/columns/read-path.ts';
import type { Part, TakeApart } from '#shared/analytics/columns/record-parts.ts';
import type { LiveTable, TableListener } from '#shared/analytics/columns/live-table.ts';
import { inputsOfStep, pivotFieldAt, type PathStep, type PivotField } from '#shared/analytics/pivot-fields.ts';
import { entityOfSource, type PivotSource } from '#shared/analytics/pivot-source.ts';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import type { RecordChange, RecordSource } from '#shared/query/record-source.ts';

interface KnownColumn {
  readonly field: PivotField;
  readonly read: ReadRow;
  growing: GrowingColumn | null;
}

const none: readonly Part[] = [];

export class RecordTable implements LiveTable {
  slots = 0;
  live = new Uint8Array(256);
  readonly entity: EntityName;
  protected readonly asked: PivotSource;
  protected readonly source: RecordSource;
  protected readonly convert: ConvertMoney;
  protected isFilled = false;
  readonly #takeApart: TakeApart;
  readonly #ids: (string | undefined)[] = [];
  /** The first slot of each record. */
  readonly #firstById = new Map<string, number>();
  /** First slots nobody has, by how many there are in a row. */
  readonly #free = new Map<number, number[]>();
  readonly #columns = new Map<string, KnownColumn | null>();
  readonly #listeners = new Set<TableListener>();

  constructor(asked: PivotSource, source: RecordSource, convert: ConvertMoney, takeApart: TakeApart) {
    this.asked = asked;
    this.entity = entityOfSource(asked);
    this.source = source;
    this.convert = convert;
    this.#takeApart = takeApart;
  }

  /** Takes all records in; once, before anything is asked. */
  fill(): void {
    for (const record of this.source.all(this.entity).values()) {
      const parts = this.#takeApart(record);
      if (parts.length > 0) this.placed(this.#take(record.id, parts.length), parts);
    }
    this.isFilled = true;
  }

  idAt(slot: number): string | undefined {
    return this.#ids[slot];
  }

  get isFollowed(): boolean {
    return this.#listeners.size > 0;
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
      const field = pivotFieldAt(this.asked, path);
      known =
        field === null ? null : { field, read: createPathReader(this.source, field, this.convert), growing: null };
      this.#columns.set(path, known);
    }
    if (known === null) return undefined;
    if (known.growing === null) {
      const { field, read } = known;
      const growing = (known.growing = createGrowingColumn(field.type, this.slots));
      this.eachPart((slot, record, part) => growing.set(slot, read(record, part.line)));
    }
    return known.growing.column;
  }

  /** Every slot that is live. Records mostly lie in the order of their slots: then none has to be looked up. */
  protected eachPart(visit: (slot: number, record: AnyRecord, part: Part) => void): void {
    let next = 0;
    for (const record of this.source.all(this.entity).values()) {
      const first = this.#ids[next] === record.id ? next : this.#firstById.get(record.id);
      if (first === undefined) continue;
      next = first;
      for (const part of this.#takeApart(record)) {
        // A record that changed a moment ago may have other parts than slots: they are set when its change is told.
        if (this.#ids[next] !== record.id) break;
        visit(next, record, part);
        next += 1;
      }
    }
  }

  /** A record stands in slots from this one. */
  protected placed(_first: number, _parts: readonly Part[]): void {}

  #take(id: string, length: number): number {
    const first = this.#free.get(length)?.pop() ?? this.slots;
    this.slots = Math.max(this.slots, first + length);
    if (this.slots > this.live.length) {
      const longer = new Uint8Array(this.slots * 2);
      longer.set(this.live);
      this.live = longer;
    }
    this.live.fill(1, first, first + length);
    for (let slot = first; slot < first + length; slot += 1) this.#ids[slot] = id;
    this.#firstById.set(id, first);
    return first;
  }

  #release(id: string, first: number, length: number): void {
    this.live.fill(0, first, first + length);
    this.#ids.fill(undefined, first, first + length);
    this.#firstById.delete(id);
    const free = this.#free.get(length);
    if (free === undefined) this.#free.set(length, [first]);
    else free.push(first);
  }

  change({ id, after }: RecordChange): void {
    const parts = after === undefined ? none : this.#takeApart(after);
    let first = this.#firstById.get(id);
    if (first !== undefined) {
      let end = first;
      for (; this.#ids[end] === id; end += 1) for (const listener of this.#listeners) listener.onLeave(end);
      if (end - first !== parts.length) {
        this.#release(id, first, end - first);
        first = undefined;
      }
    }
    if (after === undefined || parts.length === 0) return;
    first ??= this.#take(id, parts.length);
    for (const known of this.#columns.values()) {
      const growing = known?.growing;
      if (known === null || growing === null || growing === undefined) continue;
      for (const [at, part] of parts.entries()) growing.set(first + at, known.read(after, part.line));
    }
    this.placed(first, parts);
    for (const listener of this.#listeners) {
      for (let slot = first; slot < first + parts.length; slot += 1) listener.onEnter(slot);
    }
  }

  /** Records of other entities, which paths may run over. */
  changeOther(changes: readonly RecordChange[]): void {
    this.forget(({ steps, type }) => steps.some((step, place) => place > 0 && isMovedBy(step, type, changes)));
  }

  resetMoney(): void {
    this.forget(({ type }) => type === 'money');
  }

  protected forget(isStale: (field: PivotField) => boolean): void {
    let isAny = false;
    for (const known of this.#columns.values()) {
      if (known === null || known.growing === null || !isStale(known.field)) continue;
      known.growing = null;
      isAny = true;
    }
    if (isAny) this.reset();
  }

  protected reset(): void {
    for (const listener of this.#listeners) listener.onReset();
  }
}

/** True when one of these changes moved what a step finds. */
export function isMovedBy(step: PathStep, type: PivotField['type'], changes: readonly RecordChange[]): boolean {
  return changes.some(({ entity, before, after }) => {
    if (step.entity !== entity) return false;
    const isMoved = (name: string): boolean => !isSame(before?.[name], after?.[name]);
    return inputsOfStep(step).some(isMoved) || (type === 'money' && moneyNames.some(isMoved));
  });
}

function isSame(left: unknown, right: unknown): boolean {
  return left === right || (Array.isArray(left) && Array.isArray(right) && left.join() === right.join());
}
