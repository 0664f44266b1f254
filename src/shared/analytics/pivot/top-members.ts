// The members with the largest values, and the others as one. Ranked within their parent by records that pass the filter, before
// anything else is counted; records of members that are left out are out of every total, so that totals are those of what stands there.
import type { ColumnTable } from '#shared/analytics/column-table.ts';
import type { PivotContext } from '#shared/analytics/pivot-context.ts';
import { OTHERS } from '#shared/analytics/pivot-result.ts';
import type { PivotMeasure } from '#shared/analytics/pivot-spec.ts';
import { compactAxis, directAxis, roomOf, type Axis } from '#shared/analytics/pivot/axis.ts';
import type { CodedDimension } from '#shared/analytics/pivot/coded-dimension.ts';
import { countAll, type Counting } from '#shared/analytics/pivot/counting.ts';
import { countOnce, splitDimensions } from '#shared/analytics/pivot/count-once.ts';
import type { Reader } from '#shared/analytics/pivot/tally.ts';
import { createGrid } from '#shared/analytics/pivot/grid.ts';
import { planMeasures } from '#shared/analytics/pivot/measures.ts';
import { compareLabels, compareValues } from '#shared/analytics/pivot/members.ts';

/** The ranking of one dimension, kept to know when a change of a record changes it. */
export interface Ranking {
  /** The dimension with its top members and others. */
  readonly dimension: CodedDimension;
  /** 1 for slots that are left. */
  readonly chosen: Uint8Array;
  readonly counting: Counting;
  /** The dimensions ranked by in which the slots of a row differ. */
  readonly split: readonly CodedDimension[];
  /** True when the record as the table holds it now is left out. */
  isLeftOut(slot: number): boolean;
  /** True when other members are on top now. */
  hasChanged(): boolean;
}

/** An axis of codes with its top members chosen. */
export interface RankedAxis {
  readonly dimensions: readonly CodedDimension[];
  readonly rankings: readonly Ranking[];
  /** 1 for slots that are left; null: all are. */
  readonly chosen: Uint8Array | null;
}

/** Applies the `top` of every dimension of an axis, from the outer to the inner. */
export function chooseTop(
  table: ColumnTable,
  dimensions: readonly CodedDimension[],
  measures: readonly PivotMeasure[],
  context: PivotContext,
  chosen: Uint8Array | null,
  isLive: boolean,
): RankedAxis {
  let left = chosen;
  const done: CodedDimension[] = [];
  const rankings: Ranking[] = [];
  for (const dimension of dimensions) {
    if (dimension.dimension.top === undefined) {
      done.push(dimension);
      continue;
    }
    const all = left ?? new Uint8Array(table.slots).fill(1);
    const ranking = rank(table, [...done, dimension], measures, context, all, isLive);
    rankings.push(ranking);
    done.push(ranking.dimension);
    left = ranking.chosen;
  }
  return { dimensions: done, rankings, chosen: left };
}

/** Up to this many groups they are numbered by arithmetic. */
const MOST_DIRECT = 1 << 16;

function rank(
  table: ColumnTable,
  dimensions: readonly CodedDimension[],
  measures: readonly PivotMeasure[],
  context: PivotContext,
  chosen: Uint8Array,
  isLive: boolean,
): Ranking {
  const own = dimensions.at(-1) as CodedDimension;
  const { count, measure, others } = own.dimension.top ?? { count: 0, measure: '', others: false };
  const isSmall = roomOf(dimensions, isLive) <= MOST_DIRECT;
  const axis = isSmall ? directAxis(dimensions, isLive) : compactAxis(dimensions, chosen, isLive);
  const grid = createGrid(axis, directAxis([], false));
  const options = { isLive, isKept: true, isTrusting: false };
  const planned = planMeasures(table, measures, context, grid, [measure], options);
  const once = countOnce(table, dimensions, chosen);
  const counting = countAll(table, { grid, plan: () => planned, chosen: once, isKept: true });
  const findTop = (): Uint8Array => markTop(axis, own, context, counting, planned.figuresOf(measure).read, count);
  const isTop = findTop();
  const cells = once === chosen ? (counting.placements[0]?.cells ?? new Int32Array(0)) : leavesOf(axis, chosen);
  const stays = (slot: number): boolean => isTop[axis.leafAt(slot)] === 1;
  return {
    ...remap(own, cells, isTop, others, chosen, stays),
    counting,
    split: splitDimensions(table, dimensions),
    isLeftOut: (slot) => !others && !stays(slot),
    hasChanged: () => findTop().some((mark, group) => mark !== isTop[group]),
  };
}

/** The leaf group of every slot that is left. */
function leavesOf(axis: Axis, chosen: Uint8Array): Int32Array {
  const leaves = new Int32Array(chosen.length).fill(axis.sizes.at(-1) ?? 1);
  for (let slot = 0; slot < chosen.length; slot += 1) if (chosen[slot] === 1) leaves[slot] = axis.leafAt(slot);
  return leaves;
}

/** 1 for groups whose last member is among the `count` largest of its parent. */
function markTop(
  axis: Axis,
  own: CodedDimension,
  context: PivotContext,
  { measures }: Counting,
  reader: Reader,
  count: number,
): Uint8Array {
  const depth = axis.dimensions.length;
  const byLabel = compareLabels(own, context);
  const codes = axis.codes[depth] ?? new Int32Array(0);
  const codeOf = (group: number): number => codes[group] ?? -1;
  const candidates = [...codes.keys()].filter((group) => codeOf(group) >= 0 && measures.records.read(depth, group) > 0);
  const values = new Map(candidates.map((group) => [group, reader(depth, group)]));
  const valueOf = (group: number): number => values.get(group) ?? Number.NaN;
  candidates.sort(
    (left, right) => compareValues(valueOf(left), valueOf(right), -1) || byLabel(codeOf(left), codeOf(right)),
  );
  const isTop = new Uint8Array(codes.length);
  const taken = new Map<number, number>();
  for (const group of candidates) {
    const parent = axis.parents[depth]?.[group] ?? 0;
    const before = taken.get(parent) ?? 0;
    if (before < count) isTop[group] = 1;
    taken.set(parent, before + 1);
  }
  return isTop;
}

function remap(
  dimension: CodedDimension,
  cells: Int32Array,
  isTop: Uint8Array,
  others: boolean,
  chosen: Uint8Array,
  stays: (slot: number) => boolean,
): Pick<Ranking, 'dimension' | 'chosen'> {
  const left = chosen.slice();
  const codes = new Int32Array(cells.length);
  for (let slot = 0; slot < cells.length; slot += 1) {
    const isKept = isTop[cells[slot] ?? 0] === 1;
    if (!isKept && !others) left[slot] = 0;
    codes[slot] = isKept ? (dimension.codes[slot] ?? -1) + 1 : 0;
  }
  // Others are the first code, so that members may come later.
  const remapped: CodedDimension = {
    dimension: dimension.dimension,
    unit: dimension.unit,
    codes,
    size: () => dimension.size() + 1,
    keyOf: (code) => (code === 0 ? OTHERS : dimension.keyOf(code - 1)),
    orderOf: (code) => (code === 0 ? null : dimension.orderOf(code - 1)),
    codeAt: (slot) => (stays(slot) ? dimension.codeAt(slot) + 1 : 0),
  };
  return { dimension: remapped, chosen: left };
}
