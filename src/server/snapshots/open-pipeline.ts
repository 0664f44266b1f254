// The open pipeline at the end of a day, added up by the database: one statement, whatever the number of deals. A deal
// that was not changed since is what it is; of the others the history says what they were: the entry that was accepted last
// among those of the day or before, else what the first one found.
import type { Day } from '#shared/kernel/calendar.ts';
import { addDays } from '#shared/kernel/calendar.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { StoredLine } from '#shared/entities/pipeline-snapshot/snapshot-lines.ts';
import type { SqlSession } from '#server/store/database.ts';

export interface OwnedPipeline {
  readonly ownerId: string | null;
  readonly teamId: string | null;
  readonly lines: readonly StoredLine[];
}

/** Instants are compared as texts: all of them are written alike. $1: tenant, $2: the day, $3: the instant it is over. */
const entryOf = (order: 'DESC' | 'ASC', condition: string) => `
  SELECT h.* FROM record e, json_to_record(e.data) AS h(
    "createdAt" text, "occurredAt" text, "pipelineId" text, "fromStage" text, "toStage" text, "fromType" text, "toType" text,
    currency text, "currencyBefore" text, "amountBefore" numeric, "amountAfter" numeric, "closeDateBefore" text, "closeDateAfter" text,
    "probabilityBefore" numeric, "probabilityAfter" numeric, "forecastCategoryBefore" text, "forecastCategoryAfter" text,
    "ownerBefore" text, "ownerAfter" text)
  WHERE e.tenant = $1 AND e.subject = now.id AND e.kind = 'stageChange' AND NOT e.deleted AND ${condition}
  ORDER BY h."createdAt" COLLATE "C" ${order}, h."occurredAt" COLLATE "C" ${order} LIMIT 1`;

const OPEN_PIPELINE = `
  WITH now AS (
    SELECT r.id, d.*, d."updatedAt" COLLATE "C" >= $3 OR r.deleted AS has_changed
    FROM record r, json_to_record(r.data) AS d(
      "pipelineId" text, "stageId" text, status text, amount numeric, currency text, "closeDate" text, probability numeric,
      "forecastCategory" text, "ownerId" text, "teamId" text, "createdAt" text, "updatedAt" text, "openedAt" text)
    WHERE r.tenant = $1 AND r.coll = 'deals' AND r.kind = 'deal' AND (NOT r.deleted OR r.deleted_at >= $4::bigint)
      AND coalesce(nullif(d."openedAt", ''), left(d."createdAt", 10)) COLLATE "C" <= $2
  ),
  was AS (
    SELECT "pipelineId" AS pipeline, "stageId" AS stage, status, amount, currency, "closeDate" AS close, probability,
      "forecastCategory" AS category, "ownerId" AS owner, "teamId" AS team
    FROM now WHERE NOT has_changed AND coalesce(status, 'open') = 'open'
    UNION ALL
    SELECT
      CASE WHEN last."toStage" IS NULL AND first."toStage" IS NULL THEN now."pipelineId" ELSE coalesce(last."pipelineId", first."pipelineId") END,
      coalesce(last."toStage", first."fromStage", first."toStage", now."stageId"),
      coalesce(last."toType", first."fromType", first."toType", now.status, 'open'),
      CASE WHEN last."toStage" IS NOT NULL THEN last."amountAfter" WHEN first."fromStage" IS NOT NULL THEN first."amountBefore"
        WHEN first."toStage" IS NOT NULL THEN first."amountAfter" ELSE now.amount END,
      CASE WHEN last."toStage" IS NOT NULL THEN last.currency WHEN first."fromStage" IS NOT NULL THEN coalesce(first."currencyBefore", first.currency)
        WHEN first."toStage" IS NOT NULL THEN first.currency ELSE now.currency END,
      CASE WHEN last."toStage" IS NOT NULL THEN last."closeDateAfter" WHEN first."fromStage" IS NOT NULL THEN first."closeDateBefore"
        WHEN first."toStage" IS NOT NULL THEN first."closeDateAfter" ELSE now."closeDate" END,
      CASE WHEN last."toStage" IS NOT NULL THEN last."probabilityAfter" WHEN first."fromStage" IS NOT NULL THEN first."probabilityBefore"
        WHEN first."toStage" IS NOT NULL THEN first."probabilityAfter" ELSE now.probability END,
      CASE WHEN last."toStage" IS NOT NULL THEN last."forecastCategoryAfter"
        WHEN first."fromStage" IS NOT NULL THEN first."forecastCategoryBefore"
        WHEN first."toStage" IS NOT NULL THEN first."forecastCategoryAfter" ELSE now."forecastCategory" END,
      owner.id, CASE WHEN owner.id IS NOT DISTINCT FROM now."ownerId" THEN now."teamId" ELSE person.data->>'teamId' END
    FROM now
    LEFT JOIN LATERAL (${entryOf('DESC', 'h."occurredAt" COLLATE "C" < $3')}) AS last ON true
    LEFT JOIN LATERAL (${entryOf('ASC', 'last."toStage" IS NULL')}) AS first ON true
    CROSS JOIN LATERAL (SELECT coalesce(last."ownerAfter", first."ownerBefore", now."ownerId") AS id) AS owner
    LEFT JOIN record person ON person.tenant = $1 AND person.coll = 'people' AND person.id = owner.id
    WHERE now.has_changed
  ),
  line AS (
    SELECT owner, team, pipeline, stage, category, left(close, 7) AS month, currency, count(*) AS deals,
      coalesce(sum(amount), 0) AS amount, coalesce(sum(round(amount * coalesce(probability, 0) / 100)), 0) AS weighted
    FROM was WHERE status = 'open' OR status IS NULL
    GROUP BY owner, team, pipeline, stage, category, month, currency
  )
  SELECT owner AS "ownerId", team AS "teamId",
    json_agg(json_build_array(pipeline, stage, category, month, currency, deals, amount, weighted)
      ORDER BY pipeline, stage, category, month, currency)::text AS lines
  FROM line GROUP BY owner, team ORDER BY owner, team`;

/** Of each owner and team that had open deals when the day (of UTC) was over. */
export async function readOpenPipeline(
  session: SqlSession,
  tenantId: TenantId,
  day: Day,
): Promise<readonly OwnedPipeline[]> {
  const over = `${addDays(day, 1)}T00:00:00.000Z`;
  const rows = await session.query<{ ownerId: string | null; teamId: string | null; lines: string }>(OPEN_PIPELINE, [
    tenantId,
    day,
    over,
    Date.parse(over),
  ]);
  return rows.map(({ ownerId, teamId, lines }) => ({ ownerId, teamId, lines: JSON.parse(lines) as StoredLine[] }));
}
