// Entries as pages of text: the database puts a page together, a thread takes it apart, and the archive keeps it, all in the
// order of these columns. Nothing in between has to turn a million rows into objects twice.
import type { ChainedContent, ChainFormat, Commitments } from '#server/audit/audit-chain.ts';

/** An entry as it stands in a page. */
export type PageRow = readonly [
  no: number,
  atMs: number,
  format: ChainFormat,
  actor: string | null,
  device: string | null,
  session: string | null,
  seq: number | null,
  opId: string | null,
  command: string,
  entity: string,
  id: string,
  groups: readonly string[],
  outcome: string,
  isSensitive: boolean,
  needsReview: boolean,
  detailHash: string | null,
  valuesHash: string | null,
  prevHash: string,
  hash: string,
  detail: string | null,
  detailSalt: string | null,
  values: string | null,
  valuesSalt: string | null,
  effect: string,
];

const CHAINED = `no, at, format, actor, device, session, seq, op_id, command, entity, id, groups, outcome, sensitive, needs_review,
  detail_hash, values_hash, prev_hash, hash`;
const ERASABLE = 'detail::text, detail_salt, field_values, values_salt';
const NOTHING = 'NULL, NULL, NULL, NULL';

function pageSql(erasable: string): string {
  return `SELECT count(*) AS count, min(no) AS first, max(no) AS last, coalesce(json_agg(row), '[]')::text AS text FROM (
    SELECT no, json_build_array(${CHAINED}, ${erasable}, effect) AS row FROM audit
    WHERE tenant = $1 AND no > $2 AND no <= $3 ORDER BY no LIMIT $4) AS page`;
}

/** Selects a {@link Page} of whole entries: organization, after, up to, at most. */
export const WHOLE_PAGE = pageSql(ERASABLE);
/** The same without what may name a person. */
export const ARCHIVED_PAGE = pageSql(NOTHING);

export interface Page {
  readonly count: number;
  readonly first: number | null;
  readonly last: number | null;
  /** JSON of the rows. */
  readonly text: string;
}

export function contentOf(row: PageRow): ChainedContent {
  const [, atMs, , actor, device, session, seq, opId, command, entity, id, groups, outcome, isSensitive, needsReview] =
    row;
  const who = { atMs, actor, device, session, seq, opId };
  return { ...who, command, effect: row[23], entity, id, groups, outcome, isSensitive, needsReview };
}

export function commitmentsOf(row: PageRow): Commitments {
  return { detail: row[15], values: row[16] };
}
