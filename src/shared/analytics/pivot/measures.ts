// From measures to tallies: what has to be counted for them, each thing once however many measures need it, and how the
// figure of a cell is read afterwards.
import type { ColumnTable } from '#shared/analytics/column-table.ts';
import type { PivotContext } from '#shared/analytics/pivot-context.ts';
import type { FieldMeasure, PivotMeasure } from '#shared/analytics/pivot-spec.ts';
import { guessScale, scaleOf, withoutDust, type Scale } from '#shared/analytics/pivot/decimals.ts';
import { unfit } from '#shared/analytics/pivot/fields.ts';
import { compileFormula } from '#shared/analytics/pivot/formula-evaluate.ts';
import { measuresIn, parseFormula, wrongFormula } from '#shared/analytics/pivot/formula-parse.ts';
import type { Grid } from '#shared/analytics/pivot/grid.ts';
import { numbersOf, valuesOf, type NumberSource } from '#shared/analytics/pivot/number-source.ts';
import type { TallyGroup } from '#shared/analytics/pivot/place-records.ts';
import { compileFilter, type SlotFilter } from '#shared/analytics/pivot/slot-filter.ts';
import {
  countTally,
  exactSumTally,
  readAll,
  type Figures,
  type Reader,
  type SumTally,
  type Tally,
} from '#shared/analytics/pivot/tally.ts';
import { carriedSumTally, edgeTally, extremeTally } from '#shared/analytics/pivot/tally-of-leaves.ts';
import { distinctTally } from '#shared/analytics/pivot/tally-distinct.ts';
import { medianTally } from '#shared/analytics/pivot/tally-median.ts';
import { valueIdsOf } from '#shared/analytics/pivot/value-ids.ts';
import type { Filter } from '#shared/query/filter.ts';

export interface MeasureGroup extends TallyGroup {
  /** The filter of the group's measures; null: all records of the pivot. */
  readonly filter: SlotFilter | null;
}

export interface Measures {
  readonly groups: readonly MeasureGroup[];
  /** Records of a cell. */
  readonly records: Tally;
  /** @throws OutpostError when there is no measure of this id. */
  figuresOf(id: string): Figures;
}

interface Book {
  readonly table: ColumnTable;
  readonly context: PivotContext;
  readonly grid: Grid;
  readonly options: PlanOptions;
  readonly groups: Map<
    string,
    { filter: SlotFilter | null; chosen: Uint8Array | null; tallies: Tally[]; isKept: boolean }
  >;
  readonly tallies: Map<string, Tally>;
  readonly scales: Map<string, Column>;
}

/** What was seen of a column of numbers before it is added up. */
interface Column {
  readonly source: NumberSource;
  readonly scale: Scale;
}

export interface PlanOptions {
  readonly isLive: boolean;
  /** True when somebody asks for the places of the records afterwards. */
  readonly isKept: boolean;
  /** Takes numbers for whole and filled after a glance; whether they are is looked at while they are counted. */
  readonly isTrusting: boolean;
}

/** Plans the measures of a pivot over a grid. Only what `wanted` names, and what that is made of, is counted. */
export function planMeasures(
  table: ColumnTable,
  measures: readonly PivotMeasure[],
  context: PivotContext,
  grid: Grid,
  wanted: readonly string[],
  options: PlanOptions,
): Measures {
  const byId = new Map(measures.map((measure) => [measure.id, measure]));
  if (byId.size !== measures.length) throw unfit('values', 'duplicate', 'Two measures have the same id.');
  const book: Book = {
    table,
    context,
    grid,
    options,
    groups: new Map(),
    tallies: new Map(),
    scales: new Map(),
  };
  const records = takeTally(book, 'count', undefined, () => countTally(grid, null));
  const figures = new Map<string, Figures>();
  const find = (id: string, path: readonly string[]): Figures => {
    const known = figures.get(id);
    if (known !== undefined) return known;
    const measure = byId.get(id);
    if (measure === undefined) throw unfit(id, 'unknown', `There is no measure ${id}.`);
    const found =
      measure.kind === 'field'
        ? figuresOfField(book, measure)
        : oneByOne(grid, readFormula(measure.id, measure.formula, path));
    figures.set(id, found);
    return found;
  };
  const readFormula = (id: string, text: string, path: readonly string[]): Reader => {
    const formula = parseFormula(id, text);
    for (const { id: name, position } of measuresIn(formula)) {
      if (!byId.has(name)) throw wrongFormula(id, 'unknownMeasure', position, name);
      if (name === id || path.includes(name)) throw wrongFormula(id, 'circle', position, name);
    }
    const value = compileFormula(formula, (name) => {
      const { read: reader } = find(name, [...path, id]);
      const measure = byId.get(name);
      if (measure === undefined) return reader;
      const read = isMoney(measure, context) ? asRead(reader, context.moneyScale) : reader;
      if (measure.kind !== 'field' || measure.aggregation !== 'sum') return read;
      return (level, cell) => {
        const sum = read(level, cell);
        return Number.isNaN(sum) ? 0 : sum;
      };
    });
    const own = byId.get(id);
    const scale = own !== undefined && isMoney(own, context) ? context.moneyScale : 1;
    return (level, cell) => {
      const result = records.read(level, cell) === 0 ? Number.NaN : value(level, cell) * scale;
      return Number.isFinite(result) ? withoutDust(result, result) : Number.NaN;
    };
  };
  for (const id of wanted) find(id, []);
  return { groups: [...book.groups.values()], records, figuresOf: (id) => find(id, []) };
}

/** True for an amount in the smallest units of the currency. */
function isMoney(measure: PivotMeasure, context: PivotContext): boolean {
  if (measure.kind === 'formula') return measure.format === 'money';
  const { aggregation, field } = measure;
  if (field === undefined || aggregation === 'count' || aggregation === 'distinct') return false;
  return context.typeOf(field) === 'money';
}

const asRead =
  (read: Reader, scale: number): Reader =>
  (level, cell) =>
    read(level, cell) / scale;

const oneByOne = (grid: Grid, read: Reader): Figures => ({
  read,
  all: (level) => readAll(read, level, grid.sizes[level] ?? 0),
});

/** The tally of this name under this filter; made when nobody asked for it before. */
function takeTally<Kind extends Tally>(book: Book, name: string, filter: Filter | undefined, create: () => Kind): Kind {
  const filterName = filter === undefined ? '' : JSON.stringify(filter);
  const key = `${name} ${filterName}`;
  const known = book.tallies.get(key);
  if (known !== undefined) return known as Kind;
  const group = book.groups.get(filterName) ?? createGroup(book, filter);
  book.groups.set(filterName, group);
  const tally = create();
  group.tallies.push(tally);
  book.tallies.set(key, tally);
  return tally;
}

function createGroup(
  { table, context, options }: Book,
  filter: Filter | undefined,
): {
  filter: SlotFilter | null;
  chosen: Uint8Array | null;
  tallies: Tally[];
  isKept: boolean;
} {
  const compiled = filter === undefined ? null : compileFilter(table, filter, context);
  return {
    filter: compiled,
    chosen: compiled?.select(table.slots) ?? null,
    tallies: [],
    isKept: options.isLive || options.isKept,
  };
}

function figuresOfField(book: Book, measure: FieldMeasure): Figures {
  const { grid, table, context } = book;
  const { aggregation, field, filter } = measure;
  if (aggregation === 'count') {
    const source = field === undefined ? null : valuesOf(table, context, field);
    return takeTally(book, `count ${field ?? ''}`.trim(), filter, () => countTally(grid, source));
  }
  if (field === undefined) throw unfit(measure.id, 'required', `The measure ${measure.id} needs a field.`);
  switch (aggregation) {
    case 'sum': {
      return takeSum(book, field, filter);
    }
    case 'average': {
      return takeSum(book, field, filter).average;
    }
    case 'min':
    case 'max': {
      const source = numbersOf(table, context, field);
      const sign = aggregation === 'min' ? 1 : -1;
      return takeTally(book, `${aggregation} ${field}`, filter, () => extremeTally(grid, source, sign));
    }
    case 'first':
    case 'last': {
      const order = orderOf(book, measure);
      const source = valuesOf(table, context, field);
      const name = `${aggregation} ${field} by ${measure.orderBy ?? ''}`;
      return takeTally(book, name, filter, () => edgeTally(grid, source, order, aggregation === 'first' ? 1 : -1));
    }
    case 'distinct': {
      const source = valueIdsOf(table, context, field);
      return takeTally(book, `distinct ${field}`, filter, () => distinctTally(grid, source));
    }
    case 'median': {
      const { source } = lookAt(book, field);
      const seen = takeTally(book, `count ${field}`, filter, () => countTally(grid, source));
      const middle = (low: number, high: number): number =>
        withoutDust((low + high) / 2, Math.max(Math.abs(low), Math.abs(high)));
      return takeTally(book, `median ${field}`, filter, () => medianTally(grid, source, seen, middle));
    }
  }
}

/** What records are ordered by: the field asked for, else when they were made, else their place in the table. */
function orderOf({ table, context }: Book, { orderBy }: FieldMeasure): NumberSource {
  if (orderBy !== undefined) return numbersOf(table, context, orderBy);
  if (context.typeOf('createdAt') !== undefined && table.column('createdAt') !== undefined) {
    return numbersOf(table, context, 'createdAt');
  }
  const all = (): Float64Array => Float64Array.from({ length: table.slots }, (_, slot) => slot);
  return { all, at: (slot) => slot };
}

function takeSum(book: Book, field: string, filter: Filter | undefined): SumTally {
  const { grid } = book;
  const { source, scale } = lookAt(book, field);
  const { hasEmpty } = scale;
  const seenName = hasEmpty ? `count ${field}` : 'count';
  const seen = takeTally(book, seenName, filter, () => countTally(grid, hasEmpty ? source : null));
  return takeTally(book, `sum ${field}`, filter, () =>
    scale.factor === 0 ? carriedSumTally(grid, source, seen) : exactSumTally(grid, source, scale, seen),
  );
}

/** A live pivot must be ready for values that are empty some day. */
function lookAt(book: Book, field: string): Column {
  const known = book.scales.get(field);
  if (known !== undefined) return known;
  const { table, context, options } = book;
  const source = numbersOf(table, context, field);
  const numbers = source.all();
  const guess = options.isTrusting ? guessScale(numbers, table.slots) : null;
  const scale = guess ?? scaleOf(numbers, table.slots);
  const column = { source, scale: options.isLive ? { ...scale, hasEmpty: true } : scale };
  book.scales.set(field, column);
  return column;
}
