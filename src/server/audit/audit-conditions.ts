// What is asked of the audit, as conditions over its rows. Times become numbers first: entries are numbered in the order of
// their times, but for moments, so the number stands where an index of times would stand.
import type { Actor } from '#shared/access/actor.ts';
import { namedActions, namedActionNames, type NamedAction } from '#shared/audit/named-actions.ts';
import { isInstant, toEpochMs } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { DONE_OUTCOMES, type AuditQuery } from '#shared/sync/audit-messages.ts';
import type { SqlSession, SqlValue } from '#server/store/database.ts';
import { hiddenGroups } from '#server/sync/field-filter.ts';

/** So far the times of two entries may lie in the other order than their numbers: transactions wait for each other. */
const SLACK_MS = 15 * 60_000;
const done = DONE_OUTCOMES.map((outcome) => `'${outcome}'`).join(', ');

export interface Conditions {
  readonly sql: string;
  readonly values: readonly SqlValue[];
  /** One of them has an index of its own: what fits is found without looking through the rest. */
  readonly hasIndex: boolean;
}

const indexed = ['actor', 'entity', 'id', 'command'] as const;

function toMs(instant: string | undefined): number | null {
  if (instant === undefined) return null;
  if (!isInstant(instant))
    throw new OutpostError('invalid', 'Give times as instants, such as 2026-01-31T08:00:00.000Z.');
  return toEpochMs(instant);
}

/** The number of the last entry before a time, found by halves; entries close to it may stand on the other side. */
async function findNumber(session: SqlSession, tenantId: TenantId, beforeMs: number): Promise<number> {
  const [ends] = await session.query<{ low: number; high: number }>(
    `SELECT coalesce((SELECT no FROM audit_base WHERE tenant = $1), 0) AS low,
       coalesce((SELECT no FROM audit_head WHERE tenant = $1), 0) AS high`,
    [tenantId],
  );
  let { low, high } = ends ?? { low: 0, high: 0 };
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const [row] = await session.query<{ at: number }>('SELECT at FROM audit WHERE tenant = $1 AND no = $2::bigint', [
      tenantId,
      middle,
    ]);
    if (row !== undefined && row.at < beforeMs) low = middle;
    else high = middle - 1;
  }
  return low;
}

function actionSql(named: NamedAction, add: (value: SqlValue) => string): string {
  const among = (column: string, values: readonly string[] | undefined): readonly string[] =>
    values === undefined ? [] : [`a.${column} = ANY(${add(values)}::text[])`];
  const groups = named.groups === undefined ? [] : [`a.groups && ${add(named.groups)}::text[]`];
  return [
    ...among('command', named.commands),
    ...among('entity', named.entities),
    ...among('effect', named.effects),
    ...groups,
  ].join(' AND ');
}

const reviews = {
  any: 'EXISTS (SELECT FROM audit_review r WHERE r.tenant = a.tenant AND r.no = a.no)',
  done: 'a.no IN (SELECT r.no FROM audit_review r WHERE r.tenant = $1 AND r.reviewed_at IS NOT NULL)',
  open: 'a.no IN (SELECT r.no FROM audit_review r WHERE r.tenant = $1 AND r.reviewed_at IS NULL)',
} as const;

/**
 * Conditions over `audit a` and their values, the organization first; what is not asked for is no condition. `words` are looked for apart.
 * @throws OutpostError `invalid`.
 */
export async function toConditions(session: SqlSession, actor: Actor, query: AuditQuery): Promise<Conditions> {
  const tenantId = actor.tenantId as TenantId;
  const values: SqlValue[] = [tenantId];
  const conditions = ['a.tenant = $1'];
  const put = (value: SqlValue): string => {
    values.push(value);
    return `$${String(values.length)}`;
  };
  const add = (value: SqlValue | undefined, toSql: (place: string) => string): void => {
    if (value !== undefined && value !== null) conditions.push(toSql(put(value)));
  };
  for (const column of ['actor', 'entity', 'id', 'command', 'effect', 'session', 'device'] as const)
    add(query[column], (place) => `a.${column} = ${place}`);
  add(query.before, (place) => `a.no < ${place}::bigint`);
  const [fromMs, untilMs] = [toMs(query.from), toMs(query.until)];
  if (fromMs !== null) {
    add(fromMs, (place) => `a.at >= ${place}::bigint`);
    add(await findNumber(session, tenantId, fromMs - SLACK_MS), (place) => `a.no > ${place}::bigint`);
  }
  if (untilMs !== null) {
    add(untilMs, (place) => `a.at < ${place}::bigint`);
    add(await findNumber(session, tenantId, untilMs + SLACK_MS), (place) => `a.no <= ${place}::bigint`);
  }
  if (query.refused === true) conditions.push(`a.outcome NOT IN (${done})`);
  if (query.sensitive === true) conditions.push('a.sensitive');
  if (query.review !== undefined) conditions.push(reviews[query.review]);
  if (query.action !== undefined) {
    if (!namedActionNames.includes(query.action)) throw new OutpostError('invalid', 'There is no action of this name.');
    const ways = namedActions.filter(({ action }) => action === query.action).map((named) => actionSql(named, put));
    conditions.push(`(${ways.join(' OR ')})`);
  }
  // Entries about nothing but fields that do not exist for the reader are not there, in counts as little as in pages.
  for (const { kind, groups } of hiddenGroups(actor.fields))
    conditions.push(`NOT (a.entity = ${put(kind)} AND a.groups <> '{}' AND a.groups <@ ${put(groups)}::text[])`);
  const hasIndex = indexed.some((column) => query[column] !== undefined);
  return { sql: conditions.join(' AND '), values, hasIndex };
}

/** All of them, also as beginnings of words. */
const toTsQuery = (words: readonly string[]): string => words.map((word) => `'${word}':*`).join(' & ');

/** Entries between two numbers (the first not included) in whose words, or names, every word stands. */
export function withWords(
  { sql, values, hasIndex }: Conditions,
  words: readonly string[],
  after: number,
  upTo: number,
): Conditions {
  const placeOf = (index: number): string => `$${String(values.length + index)}`;
  const [low, high] = [`${placeOf(1)}::bigint`, `${placeOf(2)}::bigint`];
  const found = `SELECT w.no FROM audit_words w WHERE w.tenant = $1 AND w.no > ${low} AND w.no <= ${high}
    AND (w.words || w.names) @@ ${placeOf(3)}::tsquery`;
  return {
    sql: `${sql} AND a.no > ${low} AND a.no <= ${high} AND a.no IN (${found})`,
    values: [...values, after, upTo, toTsQuery(words)],
    hasIndex,
  };
}

/** Numbers up to one, the highest first, of entries with every word; null when there are more than so many. */
export async function findByWords(
  session: SqlSession,
  words: readonly string[],
  upTo: number,
  most: number,
): Promise<readonly number[] | null> {
  const rows = await session.query<{ no: number }>(
    'SELECT no FROM audit_with_words($1::tsquery, $2::bigint, $3::int) AS found(no)',
    [toTsQuery(words), upTo, most + 1],
  );
  return rows.length > most ? null : rows.map(({ no }) => no).sort((one, other) => other - one);
}

/** Numbers up to one, the highest first, of entries that meet the conditions; null when there are more than so many. */
export async function findByConditions(
  session: SqlSession,
  { sql, values }: Conditions,
  upTo: number,
  most: number,
): Promise<readonly number[] | null> {
  const rows = await session.query<{ no: number }>(
    `SELECT a.no FROM audit a WHERE ${sql} AND a.no <= $${String(values.length + 1)}::bigint
     ORDER BY a.no DESC LIMIT ${String(most + 1)}`,
    [...values, upTo],
  );
  return rows.length > most ? null : rows.map(({ no }) => no);
}

/** Of some numbers. */
export function withNumbers({ sql, values, hasIndex }: Conditions, numbers: readonly number[]): Conditions {
  const place = `$${String(values.length + 1)}::bigint[]`;
  return { sql: `${sql} AND a.no = ANY(${place})`, values: [...values, numbers], hasIndex };
}

/** Of some numbers, those in whose words, or names, every word stands. */
export function withWordsOf(conditions: Conditions, words: readonly string[], numbers: readonly number[]): Conditions {
  const { sql, values, hasIndex } = withNumbers(conditions, numbers);
  const [some, asked] = [`$${String(values.length)}::bigint[]`, `$${String(values.length + 1)}::tsquery`];
  const found = `SELECT w.no FROM audit_words w WHERE w.tenant = $1 AND w.no = ANY(${some})
    AND (w.words || w.names) @@ ${asked}`;
  return { sql: `${sql} AND a.no IN (${found})`, values: [...values, toTsQuery(words)], hasIndex };
}
