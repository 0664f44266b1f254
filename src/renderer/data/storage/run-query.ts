// Answers a prepared RxDB query from the indexes: the range is found by binary search, rows are tested only when the range
// is not the answer already, and reading stops as soon as the limit is reached, in both directions.
import { getQueryMatcher, getSortComparator } from 'rxdb';
import type { PreparedQuery, RxDocumentData } from 'rxdb';
import type { DocumentTable } from '#renderer/data/storage/document-table.ts';
import { planScan } from '#renderer/data/storage/index-key.ts';
import type { ScanPlan, Schema } from '#renderer/data/storage/index-key.ts';
import type { StoredDocument } from '#renderer/data/storage/segment-codec.ts';
import type { SortedIndex } from '#renderer/data/storage/sorted-index.ts';

type Row = RxDocumentData<StoredDocument>;
type IsMatch = (document: Row) => boolean;
interface Scan {
  readonly index: SortedIndex;
  readonly plan: ScanPlan;
  readonly start: number;
  readonly end: number;
  readonly isMatch: IsMatch | null;
}

function openScan(table: DocumentTable, schema: Schema, prepared: PreparedQuery<StoredDocument>): Scan {
  const plan = planScan(schema, prepared.query, prepared.queryPlan, table.primaryPath);
  const index = table.index(plan.fields);
  return { index, plan, isMatch: matcherOf(plan, schema, prepared), ...index.positionsOf(plan.range) };
}

function matcherOf({ test }: ScanPlan, schema: Schema, prepared: PreparedQuery<StoredDocument>): IsMatch | null {
  if (test === 'nothing') return null;
  return test === 'notDeleted' ? (document) => !document._deleted : getQueryMatcher(schema, prepared.query);
}

export function runQuery(table: DocumentTable, schema: Schema, prepared: PreparedQuery<StoredDocument>): Row[] {
  const { skip, limit } = prepared.query;
  const wanted = skip + (limit ?? Number.POSITIVE_INFINITY);
  const scan = openScan(table, schema, prepared);
  if (scan.plan.direction !== null) return readInOrder(table, scan, scan.plan.direction, skip, wanted);
  const rows = readInOrder(table, scan, 'forward', 0, Number.POSITIVE_INFINITY);
  rows.sort(getSortComparator(schema, prepared.query));
  return rows.slice(skip, wanted);
}

/** As many rows as the same query would return. */
export function countQuery(table: DocumentTable, schema: Schema, prepared: PreparedQuery<StoredDocument>): number {
  const { skip, limit } = prepared.query;
  const scan = openScan(table, schema, prepared);
  const matching = scan.isMatch
    ? readInOrder(table, scan, 'forward', 0, skip + (limit ?? Number.POSITIVE_INFINITY)).length
    : scan.end - scan.start;
  return Math.max(0, Math.min(matching, skip + (limit ?? matching)) - skip);
}

function readInOrder(
  table: DocumentTable,
  scan: Scan,
  direction: NonNullable<ScanPlan['direction']>,
  skip: number,
  wanted: number,
): Row[] {
  const slots = scan.index.slots();
  const rows: Row[] = [];
  let seen = 0;
  for (const position of positionsIn(scan, direction)) {
    if (seen >= wanted) break;
    const document = table.documents[slots[position] ?? -1] as Row | undefined;
    if (!document || (scan.isMatch && !scan.isMatch(document))) continue;
    seen += 1;
    if (seen > skip) rows.push(document);
  }
  return rows;
}

function* positionsIn(scan: Scan, direction: NonNullable<ScanPlan['direction']>): Generator<number> {
  const { index, start, end } = scan;
  if (direction === 'forward') for (let position = start; position < end; position += 1) yield position;
  if (direction === 'backward') for (let position = end - 1; position >= start; position -= 1) yield position;
  if (direction !== 'backwardTiesForward') return;
  let until = end;
  while (until > start) {
    const first = index.startOfTies(until - 1, start);
    for (let position = first; position < until; position += 1) yield position;
    until = first;
  }
}
