// The members of an axis in order of display: only those that have records, each before its children, sorted within their
// parent. Empty stands last in every order, others before it.
import type { PivotContext } from '#shared/analytics/pivot-context.ts';
import { OTHERS, type Member } from '#shared/analytics/pivot-result.ts';
import type { Axis } from '#shared/analytics/pivot/axis.ts';
import type { CodedDimension } from '#shared/analytics/pivot/coded-dimension.ts';
import { compareText } from '#shared/query/evaluate-filter.ts';
import { foldText } from '#shared/query/words.ts';

export interface PlacedMember extends Member {
  readonly depth: number;
  /** Its group at that depth of the axis. */
  readonly group: number;
  /** Codes of its dimensions, one for each level. */
  readonly codes: readonly number[];
}

/**
 * `countOf`: records of a group; those without are no members. `valueOf`: value of a group by the measure with this id,
 * over the whole other axis.
 */
export function listMembers(
  axis: Axis,
  context: PivotContext,
  countOf: (depth: number, group: number) => number,
  valueOf: (measure: string, depth: number, group: number) => number,
): readonly PlacedMember[] {
  const children = axis.sizes.slice(1).map((size, at) => groupByParent(axis, at + 1, size, countOf));
  const orders = axis.dimensions.map((dimension, at) => {
    const groups = children[at]?.values() ?? [];
    return createOrder(axis, dimension, at + 1, context, groups, valueOf);
  });
  const members: PlacedMember[] = [{ path: [], parent: -1, depth: 0, group: 0, codes: [] }];
  const visit = (parent: number, above: PlacedMember): void => {
    const depth = above.depth + 1;
    const groups = children[depth - 1]?.get(above.group);
    const dimension = axis.dimensions[depth - 1];
    if (groups === undefined || dimension === undefined) return;
    for (const group of groups.sort(orders[depth - 1])) {
      const code = axis.codes[depth]?.[group] ?? -1;
      const member = {
        path: [...above.path, code < 0 ? null : dimension.keyOf(code)],
        parent,
        depth,
        group,
        codes: [...above.codes, code],
      };
      visit(members.push(member) - 1, member);
    }
  };
  visit(0, { path: [], parent: -1, depth: 0, group: 0, codes: [] });
  return members;
}

/** How many members an axis has, the total included. */
export function countMembers(axis: Axis, countOf: (depth: number, group: number) => number): number {
  let members = 0;
  for (const [depth, size] of axis.sizes.entries()) {
    for (let group = 0; group < size; group += 1) if (depth === 0 || countOf(depth, group) > 0) members += 1;
  }
  return members;
}

function groupByParent(
  axis: Axis,
  depth: number,
  size: number,
  countOf: (depth: number, group: number) => number,
): ReadonlyMap<number, number[]> {
  const children = new Map<number, number[]>();
  for (let group = 0; group < size; group += 1) {
    if (countOf(depth, group) <= 0) continue;
    const parent = axis.parents[depth]?.[group] ?? 0;
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [group]);
    else siblings.push(group);
  }
  return children;
}

type Order = (left: number, right: number) => number;

function createOrder(
  axis: Axis,
  dimension: CodedDimension,
  depth: number,
  context: PivotContext,
  groups: Iterable<readonly number[]>,
  valueOf: (measure: string, depth: number, group: number) => number,
): Order {
  const codes = axis.codes[depth] ?? new Int32Array(0);
  const { sort } = dimension.dimension;
  const sign = sort?.direction === 'desc' ? -1 : 1;
  const ranks = rankCodes(dimension, context, codes, groups);
  const rankOf = (group: number): number => ranks[(codes[group] as number) + 1] as number;
  const byLabel = (left: number, right: number): number => {
    const [leftRank, rightRank] = [rankOf(left), rankOf(right)];
    return leftRank >= FIRST_LAST || rightRank >= FIRST_LAST ? leftRank - rightRank : (leftRank - rightRank) * sign;
  };
  if (sort?.by !== 'measure' || sort.measure === undefined) return byLabel;
  const { measure } = sort;
  return (left, right) => {
    const [leftRank, rightRank] = [rankOf(left), rankOf(right)];
    if (leftRank >= FIRST_LAST || rightRank >= FIRST_LAST) return leftRank - rightRank;
    const order = compareValues(valueOf(measure, depth, left), valueOf(measure, depth, right), sign);
    return order === 0 ? leftRank - rightRank : order;
  };
}

/** Ranks from here on stand last in every order: others, then empty. */
const FIRST_LAST = 1 << 30;

/** Place of each code that occurs in the order of labels, worked out once; by code + 1. */
function rankCodes(
  dimension: CodedDimension,
  context: PivotContext,
  codes: Int32Array,
  groups: Iterable<readonly number[]>,
): Int32Array {
  const ranks = new Int32Array(dimension.size() + 1).fill(-1);
  const known: number[] = [];
  for (const siblings of groups) {
    for (const group of siblings) {
      const code = codes[group] ?? -1;
      if (code >= 0 && ranks[code + 1] === -1) {
        ranks[code + 1] = 0;
        known.push(code);
      }
    }
  }
  for (const [rank, code] of known.sort(compareLabels(dimension, context)).entries()) {
    ranks[code + 1] = dimension.keyOf(code) === OTHERS ? FIRST_LAST : rank;
  }
  ranks[0] = FIRST_LAST + 1;
  return ranks;
}

/** Empty values last, whatever the direction. */
export function compareValues(left: number, right: number, sign: number): number {
  if (Number.isNaN(left) || Number.isNaN(right)) return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
  return left === right ? 0 : left < right ? -sign : sign;
}

interface LabelKey {
  /** Closed lists and times: place in their own order. What has none follows. */
  readonly order: number;
  readonly text: string;
  readonly key: string;
}

/** The order of members by what people read; equal labels are told apart by their keys. */
export function compareLabels(dimension: CodedDimension, context: PivotContext): Order {
  const { field } = dimension.dimension;
  const options = new Map((context.optionsOf(field) ?? []).map((option, at) => [option, at]));
  const type = context.typeOf(field);
  const isReference = type === 'reference' || type === 'references';
  const known = new Map<number, LabelKey>();
  const toKey = (code: number): LabelKey => {
    const before = known.get(code);
    if (before !== undefined) return before;
    const key = dimension.keyOf(code);
    const ownOrder = dimension.orderOf(code) ?? options.get(key) ?? null;
    const label = ownOrder === null ? context.labelOf(field, key) : null;
    // A reference whose name nobody knows follows those that have one.
    const order = ownOrder ?? (label === null && isReference ? Infinity : options.size);
    const made = { order, text: ownOrder === null ? foldText(label ?? key) : '', key };
    known.set(code, made);
    return made;
  };
  return (left, right) => {
    const [leftKey, rightKey] = [toKey(left), toKey(right)];
    if (leftKey.order !== rightKey.order) return leftKey.order < rightKey.order ? -1 : 1;
    return compareText(leftKey.text, rightKey.text) || compareText(leftKey.key, rightKey.key);
  };
}
