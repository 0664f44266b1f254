// The audit as an administrator reads it: newest first, by filters and by words. Who sees less than everything of a record
// reads no names of fields that do not exist for them, no value they would not see, and no entry about nothing else; and does
// not find an entry by words that are not shown to them.
import type { Actor } from '#shared/access/actor.ts';
import { haveWords, textsIn, wordsOf } from '#shared/audit/entry-words.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { AuditLine, AuditPage, AuditQuery } from '#shared/sync/audit-messages.ts';
import {
  findByConditions,
  findByWords,
  toConditions,
  withNumbers,
  withWords,
  withWordsOf,
  type Conditions,
} from '#server/audit/audit-conditions.ts';
import { LINE_SQL, readSubjects, toLine, type LineRow } from '#server/audit/audit-lines.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

const ENTRIES_OF_A_PAGE = 100;
/** So many of the newest are looked through for words before the index is asked. */
const NEWEST = 5_000;
const WIDE = 50_000;
/** Words of at most so many entries are rare, and so are other conditions. */
const FEW = 10_000;
const NUMBERS_AT_ONCE = 1_000;
const MOST_WORDS = 8;

/** @throws OutpostError `action_forbidden` for everybody who may not read the audit. */
export function assertAuditReader({ permissions }: Actor): void {
  if (permissions.includes('org.view_audit_logs')) return;
  throw new OutpostError('action_forbidden', 'Only administrators read the audit log.');
}

/** Words an entry is found by, as far as its reader sees them. */
function wordsOfLine({ actorName, actorEmail, name, detail, changes, ...rest }: AuditLine): readonly string[] {
  const { no, command, effect, action, entity, id, outcome, session, device, actor, groups } = rest;
  const plain = textsIn([String(no), command, effect, action, entity, id, outcome, session, device, actor, groups]);
  return wordsOf(plain.concat(textsIn([actorName, actorEmail, name, detail, changes])), Infinity);
}

function readRows(session: SqlSession, { sql, values }: Conditions, limit: number): Promise<readonly LineRow[]> {
  return session.query<LineRow>(`${LINE_SQL} WHERE ${sql} ORDER BY a.no DESC LIMIT ${String(limit)}`, values);
}

interface WordSearch {
  readonly conditions: Conditions;
  readonly words: readonly string[];
  readonly limit: number;
}

/** In growing parts of the audit, the newest first; `upTo`: the last one that counts. */
async function readWindows(
  session: SqlSession,
  { conditions, words, limit }: WordSearch,
  upTo: number,
  widths: readonly number[],
): Promise<{ readonly found: readonly LineRow[]; readonly upTo: number }> {
  const found: LineRow[] = [];
  let last = upTo;
  for (const width of widths) {
    if (found.length >= limit || last <= 0) break;
    const after = Math.max(0, last - width);
    found.push(...(await readRows(session, withWords(conditions, words, after, last), limit - found.length)));
    last = after;
  }
  return { found, upTo: last };
}

/** Those of some numbers, the highest first, that meet the rest of what is asked. */
async function readNumbers(
  session: SqlSession,
  restOf: (numbers: readonly number[]) => Conditions,
  numbers: readonly number[],
  limit: number,
): Promise<readonly LineRow[]> {
  const found: LineRow[] = [];
  for (let from = 0; from < numbers.length && found.length < limit; from += NUMBERS_AT_ONCE) {
    const rest = restOf(numbers.slice(from, from + NUMBERS_AT_ONCE));
    found.push(...(await readRows(session, rest, limit - found.length)));
  }
  return found;
}

/** Where other conditions are rare, they decide, and then the words; where neither is, all of it is found soon by looking through. */
async function readOlder(session: SqlSession, search: WordSearch, upTo: number): Promise<readonly LineRow[]> {
  const { conditions, words, limit } = search;
  const fitting = conditions.hasIndex ? await findByConditions(session, conditions, upTo, FEW) : null;
  if (fitting !== null) return readNumbers(session, (some) => withWordsOf(conditions, words, some), fitting, limit);
  const found = await findByWords(session, words, upTo, FEW);
  if (found !== null) return readNumbers(session, (some) => withNumbers(conditions, some), found, limit);
  return (await readWindows(session, search, upTo, [WIDE, Infinity])).found;
}

/** Common words stand among the newest entries. */
async function readByWords(
  session: SqlSession,
  tenantId: TenantId,
  search: WordSearch,
  before: number | undefined,
): Promise<readonly LineRow[]> {
  const { limit } = search;
  const [head] = await session.query<{ no: number }>('SELECT no FROM audit_head WHERE tenant = $1', [tenantId]);
  const newest = await readWindows(session, search, Math.min(head?.no ?? 0, (before ?? Infinity) - 1), [NEWEST]);
  const missing = limit - newest.found.length;
  if (missing <= 0 || newest.upTo <= 0) return newest.found;
  return [...newest.found, ...(await readOlder(session, { ...search, limit: missing }, newest.upTo))];
}

/** Entries that fit, for this reader. @throws OutpostError `action_forbidden`, `invalid`. */
export async function readAudit(db: SqlDatabase, actor: Actor, query: AuditQuery): Promise<AuditPage> {
  assertAuditReader(actor);
  const tenantId = actor.tenantId as TenantId;
  const limit = query.limit ?? ENTRIES_OF_A_PAGE;
  const words = wordsOf([query.text ?? ''], MOST_WORDS);
  return db.inTenant(
    tenantId,
    async (session) => {
      const conditions = await toConditions(session, actor, query);
      const rows =
        words.length === 0
          ? await readRows(session, conditions, limit + 1)
          : await readByWords(session, tenantId, { conditions, words, limit: limit + 1 }, query.before);
      const shown = rows.slice(0, limit);
      const known = await readSubjects(session, tenantId, shown);
      const lines = shown.flatMap((row) => toLine(actor, row, known) ?? []);
      return {
        entries: words.length === 0 ? lines : lines.filter((line) => haveWords(wordsOfLine(line), words)),
        next: rows.length > limit ? (shown.at(-1)?.no ?? null) : null,
      };
    },
    { snapshot: true },
  );
}
