// The audit as an administrator reads it: newest first, by filters and by words. Who sees less than everything of a record
// reads no names of fields that do not exist for them, no value they would not see, and no entry about nothing else; and does
// not find an entry by words that are not shown to them.
import type { Actor } from '#shared/access/actor.ts';
import { haveWords, textsIn, wordsOf } from '#shared/audit/entry-words.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { AuditLine, AuditPage, AuditQuery } from '#shared/sync/audit-messages.ts';
import { toConditions, withWords, type Conditions } from '#server/audit/audit-conditions.ts';
import { LINE_SQL, readSubjects, toLine, type LineRow } from '#server/audit/audit-lines.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

const ENTRIES_OF_A_PAGE = 100;
/** A common word is found among the newest entries; only a rare one is looked for in all of them. */
const WINDOWS = [5_000, 50_000, Infinity];
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
  readonly before: number | undefined;
  readonly limit: number;
}

/** In growing parts of the audit, the newest first. */
async function readByWords(
  session: SqlSession,
  tenantId: TenantId,
  { conditions, words, before, limit }: WordSearch,
): Promise<readonly LineRow[]> {
  const [head] = await session.query<{ no: number }>('SELECT no FROM audit_head WHERE tenant = $1', [tenantId]);
  const found: LineRow[] = [];
  let upTo = Math.min(head?.no ?? 0, (before ?? Infinity) - 1);
  for (const width of WINDOWS) {
    const after = Math.max(0, upTo - width);
    const inWindow = withWords(conditions, words, after, upTo);
    found.push(...(await readRows(session, inWindow, limit - found.length)));
    upTo = after;
    if (found.length >= limit || upTo <= 0) break;
  }
  return found;
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
          : await readByWords(session, tenantId, { conditions, words, before: query.before, limit: limit + 1 });
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
