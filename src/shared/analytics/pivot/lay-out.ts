// From a specification to everything that is needed to count: which slots, which groups, which tallies.
import type { ColumnTable } from '#shared/analytics/column-table.ts';
import type { PivotContext } from '#shared/analytics/pivot-context.ts';
import { MOST_CELLS, type PivotSpec } from '#shared/analytics/pivot-spec.ts';
import { compactAxis, directAxis, roomOf, type Axis } from '#shared/analytics/pivot/axis.ts';
import { codeDimension, type CodedDimension } from '#shared/analytics/pivot/coded-dimension.ts';
import type { ToCount } from '#shared/analytics/pivot/counting.ts';
import { createGrid } from '#shared/analytics/pivot/grid.ts';
import { areAllMarked, keepCommon } from '#shared/analytics/pivot/marks.ts';
import { planMeasures } from '#shared/analytics/pivot/measures.ts';
import { compileFilter, type SlotFilter } from '#shared/analytics/pivot/slot-filter.ts';
import { chooseTop, type Ranking } from '#shared/analytics/pivot/top-members.ts';
import { OutpostError } from '#shared/kernel/errors.ts';

export interface Layout extends ToCount {
  /** The filter of the pivot; null: everything passes. */
  readonly filter: SlotFilter | null;
  /** Of dimensions with top members, from the outer to the inner. */
  readonly rankings: { readonly rows: readonly Ranking[]; readonly columns: readonly Ranking[] };
}

/** Room for leaves up to which no pass over the records is spent on finding out which of them occur. */
const ROOM_FOR_FEW = 1 << 16;

export interface LayoutOptions {
  /** Records will change. */
  readonly isLive: boolean;
  /** The places of records are asked for afterwards. */
  readonly isKept: boolean;
  /** Only where records are, no figures. */
  readonly isWithoutValues?: boolean;
}

/**
 * @throws OutpostError for a specification that does not fit the table.
 */
export function layOut(
  table: ColumnTable,
  spec: PivotSpec,
  context: PivotContext,
  { isLive, isKept, isWithoutValues = false }: LayoutOptions,
): Layout {
  const filter = spec.filter === undefined ? null : compileFilter(table, spec.filter, context);
  const code = (dimension: PivotSpec['rows'][number]): CodedDimension => codeDimension(table, dimension, context);
  const passed = chooseSlots(table, filter);
  const rowRanks = chooseTop(table, spec.rows.map(code), spec.values, context, passed, isLive);
  const columnRanks = chooseTop(table, spec.columns.map(code), spec.values, context, passed, isLive);
  const chosen = bothOf(passed, rowRanks.chosen, columnRanks.chosen);
  const [rows, columns] = createAxes(table, rowRanks.dimensions, columnRanks.dimensions, chosen, isLive);
  refuseTooMany(leavesOf(rows), leavesOf(columns), 1);
  const grid = createGrid(rows, columns);
  const wanted = isWithoutValues ? [] : spec.values.map(({ id }) => id);
  return {
    grid,
    plan: (isTrusting) => planMeasures(table, spec.values, context, grid, wanted, { isLive, isKept, isTrusting }),
    chosen,
    isKept: isLive || isKept,
    filter,
    rankings: { rows: rowRanks.rankings, columns: columnRanks.rankings },
  };
}

/** Rows and columns are ranked by the same records; what either leaves out is out. */
function bothOf(passed: Uint8Array | null, rows: Uint8Array | null, columns: Uint8Array | null): Uint8Array | null {
  if (rows === passed) return columns;
  if (columns === passed || rows === null || columns === null) return rows;
  return rows.map((isLeft, slot) => isLeft & (columns[slot] ?? 0));
}

function chooseSlots(table: ColumnTable, filter: SlotFilter | null): Uint8Array | null {
  const { slots, live } = table;
  const areAllLive = areAllMarked(live, slots);
  if (filter === null) return areAllLive ? null : live.slice(0, slots);
  const chosen = filter.select(slots);
  if (!areAllLive) keepCommon(chosen, live, slots);
  return chosen;
}

/** Numbered by arithmetic while that leaves little unused; then the larger axis gives way first. */
function createAxes(
  table: ColumnTable,
  rows: readonly CodedDimension[],
  columns: readonly CodedDimension[],
  chosen: Uint8Array | null,
  isLive: boolean,
): readonly [Axis, Axis] {
  const most = Math.min(MOST_CELLS, Math.max(ROOM_FOR_FEW, table.slots * 2));
  const [rowRoom, columnRoom] = [roomOf(rows, isLive), roomOf(columns, isLive)];
  if (rowRoom * columnRoom <= most) return [directAxis(rows, isLive), directAxis(columns, isLive)];
  const all = chosen ?? new Uint8Array(table.slots).fill(1);
  const compact = (dimensions: readonly CodedDimension[]): Axis => compactAxis(dimensions, all, isLive);
  if (rowRoom >= columnRoom) {
    const rowAxis = compact(rows);
    return [rowAxis, columnRoom * leavesOf(rowAxis) <= most ? directAxis(columns, isLive) : compact(columns)];
  }
  const columnAxis = compact(columns);
  return [rowRoom * leavesOf(columnAxis) <= most ? directAxis(rows, isLive) : compact(rows), columnAxis];
}

const leavesOf = (axis: Axis): number => axis.sizes.at(-1) ?? 1;

/** @throws OutpostError `too_many_cells`. */
export function refuseTooMany(rows: number, columns: number, values: number): void {
  const cells = rows * columns * Math.max(1, values);
  if (cells <= MOST_CELLS) return;
  const message = `A pivot of ${String(rows)} rows and ${String(columns)} columns is too large: take fewer fields, a coarser period, a filter or the top members only.`;
  throw new OutpostError('too_many_cells', message, { rows, columns, cells, most: MOST_CELLS });
}
