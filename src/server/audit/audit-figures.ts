// The audit in figures: how much happened, when, by whom and to what, how much was refused, how much waits to be looked at.
// Counts tell of entries, never of values.
import type { Actor } from '#shared/access/actor.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import { DONE_OUTCOMES, type AuditFigures, type AuditQuery } from '#shared/sync/audit-messages.ts';
import { toConditions } from '#server/audit/audit-conditions.ts';
import { assertAuditReader } from '#server/audit/read-audit.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

const DAY_MS = 86_400_000;
const LARGEST = 12;
const done = DONE_OUTCOMES.map((outcome) => `'${outcome}'`).join(', ');

interface Total {
  readonly entries: number;
  readonly refused: number;
  readonly sensitive: number;
  readonly actors: number;
}

/** Of the entries since so many days that fit. @throws OutpostError `action_forbidden`, `invalid`. */
export async function countAudit(
  db: SqlDatabase,
  actor: Actor,
  query: AuditQuery,
  range: { readonly days: number; readonly nowMs: number },
): Promise<AuditFigures> {
  assertAuditReader(actor);
  const tenantId = actor.tenantId as TenantId;
  const from = toInstant(range.nowMs - range.days * DAY_MS);
  return db.inTenant(
    tenantId,
    async (session) => {
      const { text: _text, before: _before, limit: _limit, ...rest } = query;
      const { sql, values } = await toConditions(session, actor, { from, ...rest });
      const [total] = await session.query<Total>(
        `SELECT count(*) AS entries, count(*) FILTER (WHERE a.outcome NOT IN (${done})) AS refused,
           count(*) FILTER (WHERE a.sensitive) AS sensitive, count(DISTINCT a.actor) AS actors FROM audit a WHERE ${sql}`,
        values,
      );
      const by = (column: string, limit: number) =>
        session.query<{ key: string; count: number }>(
          `SELECT coalesce(a.${column}, '') AS key, count(*) AS count FROM audit a WHERE ${sql}
           GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${String(limit)}`,
          values,
        );
      const days = await session.query<{ day: number; count: number; refused: number }>(
        `SELECT a.at / ${String(DAY_MS)} AS day, count(*) AS count, count(*) FILTER (WHERE a.outcome NOT IN (${done})) AS refused
         FROM audit a WHERE ${sql} GROUP BY 1 ORDER BY 1`,
        values,
      );
      return {
        from,
        entries: total?.entries ?? 0,
        refused: total?.refused ?? 0,
        sensitive: total?.sensitive ?? 0,
        actors: total?.actors ?? 0,
        toReview: await countOpen(session, tenantId),
        byDay: days.map(({ day, ...counts }) => ({ day: toInstant(day * DAY_MS).slice(0, 10), ...counts })),
        byCommand: [...(await by('command', LARGEST))],
        byEntity: [...(await by('entity', LARGEST))],
        byActor: [...(await by('actor', LARGEST))],
        byOutcome: [...(await by('outcome', LARGEST))],
      };
    },
    { snapshot: true },
  );
}

async function countOpen(session: SqlSession, tenantId: TenantId): Promise<number> {
  const [row] = await session.query<{ count: number }>(
    'SELECT count(*) AS count FROM audit_review WHERE tenant = $1 AND reviewed_at IS NULL',
    [tenantId],
  );
  return row?.count ?? 0;
}
