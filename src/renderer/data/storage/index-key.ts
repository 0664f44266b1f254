// The order of an index: values of declared fields compared one after the other, in the order RxDB's sort comparator gives
// (null and missing first, then numbers, texts, booleans). A bound is a tuple that may hold marks below and above real values.
import { getQueryPlan, INDEX_MAX, INDEX_MIN, objectPathMonad } from 'rxdb';
import type { FilledMangoQuery, RxDocumentData, RxJsonSchema, RxQueryPlan } from 'rxdb';
import type { StoredDocument } from '#renderer/data/storage/segment-codec.ts';

export type Schema = Readonly<RxJsonSchema<RxDocumentData<StoredDocument>>>;
export type Query = FilledMangoQuery<StoredDocument>;
type ReadField = (document: StoredDocument) => unknown;

/** A type's place in the order; objects are not indexable and tie. */
function classOf(value: unknown): number {
  if (value === null || value === undefined) return 0;
  if (typeof value === 'number') return 1;
  if (typeof value === 'string') return 2;
  return typeof value === 'boolean' ? 4 : 3;
}

export function compareValues(left: unknown, right: unknown): number {
  if (left === right) return 0;
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : 1;
  if (typeof left === 'number' && typeof right === 'number') return left < right ? -1 : left > right ? 1 : 0;
  const classes = classOf(left) - classOf(right);
  if (classes !== 0) return classes;
  return typeof left === 'boolean' ? (left ? 1 : -1) : 0;
}

/** A value, or a mark: below/above everything, or below/above all values of one type. */
type BoundPart = { readonly value: unknown } | { readonly mark: number };
export interface Bound {
  readonly parts: readonly BoundPart[];
  readonly inclusive: boolean;
}
export interface IndexRange {
  readonly lower: Bound;
  readonly upper: Bound;
}

const readers = new Map<string, ReadField>();

export function readerOf(field: string): ReadField {
  let reader = readers.get(field);
  if (!reader) {
    reader = field.includes('.') ? (objectPathMonad(field) as ReadField) : (document) => document[field];
    readers.set(field, reader);
  }
  return reader;
}

/** Negative when the document stands before the bound in an index over `fields`. */
export function compareToBound(fields: readonly ReadField[], document: StoredDocument, bound: Bound): number {
  for (let position = 0; position < fields.length; position += 1) {
    const part = bound.parts[position];
    const value = fields[position]?.(document);
    if (part === undefined) return 0;
    const order = 'mark' in part ? classOf(value) - part.mark : compareValues(value, part.value);
    if (order !== 0) return order;
  }
  return 0;
}

/**
 * The part of the index that the plan asks for. Comparisons hold within one type only (as the matcher has it: nothing without
 * a value is "less than 5"), so an open end of a compared field is the end of that type.
 */
export function rangeOf(plan: RxQueryPlan, query: Query): IndexRange {
  const selector = query.selector as Record<string, unknown>;
  const lower: BoundPart[] = [];
  const upper: BoundPart[] = [];
  plan.index.forEach((field, position) => {
    const start: unknown = plan.startKeys[position];
    const end: unknown = plan.endKeys[position];
    const isCompared = selector[field] !== undefined;
    lower.push(toPart(start, end, isCompared, -0.5));
    upper.push(toPart(end, start, isCompared, 0.5));
  });
  return {
    lower: { parts: lower, inclusive: plan.inclusiveStart },
    upper: { parts: upper, inclusive: plan.inclusiveEnd },
  };
}

function toPart(own: unknown, other: unknown, isCompared: boolean, edge: number): BoundPart {
  if (own !== INDEX_MIN && own !== INDEX_MAX) return { value: own };
  const hasOther = other !== INDEX_MIN && other !== INDEX_MAX;
  if (isCompared && hasOther) return { mark: classOf(other) + edge };
  return { mark: own === INDEX_MIN ? -1 : 9 };
}

export interface ScanPlan {
  readonly fields: readonly string[];
  readonly range: IndexRange;
  /** What documents of the range are tested for: nothing when it holds exactly those of the selector. */
  readonly test: 'nothing' | 'notDeleted' | 'selector';
  /** How the index must be read to give the order of the query; null when rows must be sorted. */
  readonly direction: 'forward' | 'backward' | 'backwardTiesForward' | null;
}

const everything: IndexRange = { lower: { parts: [], inclusive: true }, upper: { parts: [], inclusive: true } };

/** All that is not deleted, in the order of the primary key. */
function isWholeTable(query: Query, primaryPath: string): boolean {
  const [field, ...others] = Object.keys(query.selector);
  if (field !== '_deleted' || others.length > 0) return false;
  const wanted: unknown = query.selector['_deleted'];
  const isLiving =
    wanted === false || (isObject(wanted) && Object.keys(wanted).join(' ') === '$eq' && wanted['$eq'] === false);
  return isLiving && query.sort.length === 1 && query.sort[0]?.[primaryPath] === 'asc';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/**
 * RxDB plans ascending orders only. A descending order is planned as its mirror image and read backwards. And it knows no
 * index of the primary key alone: for a whole table it would take any other and sort what comes out.
 */
export function planScan(schema: Schema, query: Query, prepared: RxQueryPlan, primaryPath: string): ScanPlan {
  if (isWholeTable(query, primaryPath))
    return { fields: [primaryPath], range: everything, test: 'notDeleted', direction: 'forward' };
  const direction = directionOf(query, primaryPath);
  let plan = prepared;
  if (direction === 'backward' || direction === 'backwardTiesForward') {
    const sort = query.sort.map((part) =>
      Object.fromEntries(Object.keys(part).map((field) => [field, 'asc' as const])),
    );
    const mirrored = getQueryPlan<StoredDocument>(schema, { ...query, sort });
    if (mirrored.sortSatisfiedByIndex) plan = mirrored;
  }
  return {
    fields: plan.index,
    range: rangeOf(plan, query),
    test:
      plan.selectorSatisfiedByIndex &&
      [...plan.startKeys, ...plan.endKeys].every((key: unknown) => key === null || typeof key !== 'object')
        ? 'nothing'
        : 'selector',
    direction: plan.sortSatisfiedByIndex ? direction : null,
  };
}

function directionOf(query: Query, primaryPath: string): ScanPlan['direction'] {
  const parts = query.sort.map((part) => Object.entries(part)[0] ?? ['', 'asc']);
  const primary = parts.findIndex(([field]) => field === primaryPath);
  // What follows the primary key never decides.
  const deciding = primary === -1 ? parts : parts.slice(0, primary + 1);
  if (deciding.every(([, direction]) => direction === 'asc')) return 'forward';
  if (deciding.every(([, direction]) => direction === 'desc')) return 'backward';
  const last = deciding.at(-1);
  const isTieAscending = last?.[0] === primaryPath && last[1] === 'asc';
  return isTieAscending && deciding.slice(0, -1).every(([, direction]) => direction === 'desc')
    ? 'backwardTiesForward'
    : null;
}
