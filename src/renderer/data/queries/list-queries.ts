import type {
  DataRequests,
  ListQuery,
  ListResult,
  LocalRecord,
  RecordQuery,
  RecordResult,
  LiveQueries,
} from '#renderer/data/data-contract.ts';
import { toLocalRecord } from '#renderer/data/local-record.ts';
import { collectLabels } from '#renderer/data/queries/labels.ts';
import type { QueryContext } from '#renderer/data/queries/query-context.ts';
import type { LiveAnswer } from '#shared/query/live-answer.ts';
import { isAsLeft } from '#shared/entities/is-as-left.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';

const LARGEST_WINDOW = 1000;
const LARGEST_ID_LIST = 20_000;

// A record object never changes, so its public form is made once; unchanged rows stay the same object.
const publicForms = new WeakMap<LocalRecord, LocalRecord>();

export function toPublic(record: LocalRecord): LocalRecord {
  let form = publicForms.get(record);
  if (form === undefined) publicForms.set(record, (form = toLocalRecord(record)));
  return form;
}

type Rows = Pick<readonly LocalRecord[], 'length' | 'slice'>;

function rowsAmong(rows: Rows, among: ReadonlySet<string> | undefined): Rows {
  return among === undefined ? rows : rows.slice(0, rows.length).filter(({ id }) => among.has(id));
}

/** `among`: the only records that count. */
export function answerList(
  context: QueryContext,
  query: ListQuery,
  among?: ReadonlySet<string>,
): LiveAnswer<ListResult> {
  const found = rowsAmong(context.views.rowsOf(query), among);
  const limit = Math.min(Math.max(query.limit, 0), LARGEST_WINDOW);
  const rows = found.slice(query.offset, query.offset + limit);
  const { labels, askedIds } = collectLabels(context.source, rows);
  return {
    value: { rows: rows.map(toPublic), total: found.length, labels },
    entities: new Set([query.entity]),
    ids: askedIds,
  };
}

export function answerListIds(
  context: QueryContext,
  query: Omit<ListQuery, 'offset' | 'limit'>,
  among?: ReadonlySet<string>,
): readonly string[] {
  return rowsAmong(context.views.rowsOf(query), among)
    .slice(0, LARGEST_ID_LIST)
    .map((record) => record.id);
}

export function answerRecord(context: QueryContext, query: RecordQuery): LiveAnswer<RecordResult> {
  const record = context.source.get(query.entity, query.id);
  const { labels, askedIds } = collectLabels(context.source, record === undefined ? [] : [record]);
  return {
    value: { record: record === undefined ? null : toPublic(record), labels },
    entities: new Set(),
    ids: new Set([...askedIds, query.id]),
  };
}

export function answerReadFields(
  context: QueryContext,
  { entity, ids, fields }: DataRequests['readFields']['input'],
): DataRequests['readFields']['output'] {
  return ids.slice(0, LARGEST_ID_LIST).flatMap((id) => {
    const record = context.source.get(entity, id);
    if (record === undefined) return [];
    return [{ id, values: Object.fromEntries(fields.map((field) => [field, record[field] ?? null])) }];
  });
}

export function answerStanding(
  context: QueryContext,
  { entity, ids, left }: LiveQueries['standing']['query'],
): LiveAnswer<LiveQueries['standing']['result']> {
  const standing = ids.filter((id) => isAsLeft(context.source.get(entity, id) ?? null, left)).length;
  return { value: { standing }, entities: new Set([entity]), ids: new Set(ids) };
}

const reportedEntities: readonly EntityName[] = ['deal', 'account', 'contact', 'lead', 'task', 'activity'];

/** What other people changed after an instant, newest first. */
export function answerChangedSince(
  context: QueryContext,
  userId: string,
  query: LiveQueries['changedSince']['query'],
): LiveAnswer<ListResult> {
  const rows: LocalRecord[] = [];
  let total = 0;
  const limit = Math.min(query.limit, LARGEST_WINDOW);
  const candidates: LocalRecord[] = [];
  for (const entity of reportedEntities) {
    for (const record of context.source.all(entity).values()) {
      if (record.updatedAt <= query.since || record.updatedBy === userId || record.rev === 0) continue;
      total += 1;
      candidates.push(record);
    }
  }
  candidates.sort((a, b) => (a.updatedAt > b.updatedAt ? -1 : a.updatedAt < b.updatedAt ? 1 : a.id < b.id ? -1 : 1));
  rows.push(...candidates.slice(0, limit));
  const { labels, askedIds } = collectLabels(context.source, rows);
  return { value: { rows: rows.map(toPublic), total, labels }, entities: new Set(reportedEntities), ids: askedIds };
}
