// Webhooks and deliveries as rows, and as they are shown.
import { toInstant } from '#shared/kernel/calendar.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import {
  KEPT_ANSWER_LETTERS,
  MOST_DELIVERIES_SHOWN,
  type deliveryFailures,
  type deliveryStates,
  type Webhook,
  type WebhookDelivery,
} from '#shared/sync/webhook-messages.ts';
import { toWebhookEvent } from '#shared/webhooks/webhook-events.ts';
import type { SqlSession } from '#server/store/database.ts';

export interface WebhookRow {
  readonly id: string;
  readonly owner: string;
  readonly name: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly state: Webhook['state'];
  readonly failures: number;
  readonly createdAt: number;
  readonly secret: Uint8Array;
  readonly formerSecret: Uint8Array | null;
  readonly formerUntil: number | null;
}

const COLUMNS = `w.id, w.owner, w.name, w.url, w.events, w.state, w.failures, w.created_at AS "createdAt", w.secret,
  w.former_secret AS "formerSecret", w.former_until AS "formerUntil"`;

/** Locked until the end of the transaction; null when there is none of that id. */
export async function lockWebhook(session: SqlSession, tenantId: TenantId, id: string): Promise<WebhookRow | null> {
  const [row] = await session.query<WebhookRow>(
    `SELECT ${COLUMNS} FROM webhook w WHERE w.tenant = $1 AND w.id = $2 FOR UPDATE`,
    [tenantId, id],
  );
  return row ?? null;
}

interface ShownRow extends WebhookRow {
  readonly isOwnerActive: boolean;
  readonly waiting: number;
  readonly lastAt: number | null;
  readonly lastStatus: number | null;
}

/** The oldest first. */
export async function readWebhooks(
  session: SqlSession,
  tenantId: TenantId,
  nowMs: number,
): Promise<readonly Webhook[]> {
  const rows = await session.query<ShownRow>(
    `SELECT ${COLUMNS}, last.last_at AS "lastAt", last.status AS "lastStatus",
       (SELECT count(*)::int FROM webhook_delivery d WHERE d.tenant = w.tenant AND d.webhook = w.id AND d.state = 'waiting') AS waiting,
       EXISTS (SELECT FROM record r WHERE r.tenant = w.tenant AND r.coll = 'people' AND r.kind = 'user' AND r.id = w.owner
         AND NOT r.deleted AND r.data->>'isActive' IS DISTINCT FROM 'false') AS "isOwnerActive"
     FROM webhook w LEFT JOIN LATERAL (
       SELECT d.last_at, d.status FROM webhook_delivery d
       WHERE d.tenant = w.tenant AND d.webhook = w.id AND d.last_at IS NOT NULL ORDER BY d.last_at DESC LIMIT 1) last ON true
     WHERE w.tenant = $1 ORDER BY w.created_at, w.id`,
    [tenantId],
  );
  const orNull = (ms: number | null): string | null => (ms === null ? null : toInstant(ms));
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    url: row.url,
    events: row.events.flatMap((name) => toWebhookEvent(name) ?? []),
    state: row.state,
    ownerId: row.owner,
    isOwnerActive: row.isOwnerActive,
    createdAt: toInstant(row.createdAt),
    formerUntil: row.formerUntil !== null && row.formerUntil > nowMs ? toInstant(row.formerUntil) : null,
    failuresInRow: row.failures,
    lastAt: orNull(row.lastAt),
    lastStatus: row.lastStatus,
    waiting: row.waiting,
  }));
}

export interface DeliveryRow {
  readonly id: string;
  readonly webhook: string;
  readonly event: string;
  readonly entity: string | null;
  readonly record: string | null;
  readonly at: number;
  readonly typedAt: string | null;
  readonly state: (typeof deliveryStates)[number];
  readonly attempts: number;
  readonly nextAt: number | null;
  readonly lastAt: number | null;
  readonly status: number | null;
  readonly failure: (typeof deliveryFailures)[number] | null;
  readonly tookMs: number | null;
  readonly answer: string;
}

const DELIVERY_COLUMNS = `id, webhook, event, entity, record, at, typed_at AS "typedAt", state, attempts, next_at AS "nextAt",
  last_at AS "lastAt", status, failure, took_ms AS "tookMs", answer`;

export async function lockDelivery(session: SqlSession, tenantId: TenantId, id: string): Promise<DeliveryRow | null> {
  const [row] = await session.query<DeliveryRow>(
    `SELECT ${DELIVERY_COLUMNS} FROM webhook_delivery WHERE tenant = $1 AND id = $2 FOR UPDATE`,
    [tenantId, id],
  );
  return row ?? null;
}

export async function readDeliveries(
  session: SqlSession,
  tenantId: TenantId,
  webhookId: string,
): Promise<readonly WebhookDelivery[]> {
  const rows = await session.query<DeliveryRow>(
    `SELECT ${DELIVERY_COLUMNS} FROM webhook_delivery WHERE tenant = $1 AND webhook = $2
     ORDER BY at DESC, id LIMIT ${String(MOST_DELIVERIES_SHOWN)}`,
    [tenantId, webhookId],
  );
  return rows.map(toShownDelivery);
}

export function toShownDelivery(row: DeliveryRow): WebhookDelivery {
  const { id, event, entity, record, state, attempts, status, failure, tookMs, answer } = row;
  const isWaiting = state === 'waiting';
  return {
    id,
    event,
    entity,
    recordId: record,
    state,
    at: toInstant(row.at),
    attempts,
    nextAt: isWaiting && row.nextAt !== null ? toInstant(row.nextAt) : null,
    lastAt: row.lastAt === null ? null : toInstant(row.lastAt),
    status,
    failure,
    tookMs,
    answer: answer.slice(0, KEPT_ANSWER_LETTERS),
  };
}

/** What waits for a webhook that sends nothing any more is given up; it can be sent again by hand. */
export async function giveUpWaiting(session: SqlSession, tenantId: TenantId, webhookId: string): Promise<void> {
  await session.query(
    `UPDATE webhook_delivery SET state = 'dead', failure = 'off', next_at = NULL
     WHERE tenant = $1 AND webhook = $2 AND state = 'waiting'`,
    [tenantId, webhookId],
  );
}

/** How long what became of a delivery is kept. */
export const DELIVERY_DAYS = 30;

export async function forgetOldDeliveries(session: SqlSession, tenantId: TenantId, nowMs: number): Promise<void> {
  await session.query(`DELETE FROM webhook_delivery WHERE tenant = $1 AND state <> 'waiting' AND at < $2::bigint`, [
    tenantId,
    nowMs - DELIVERY_DAYS * 86_400_000,
  ]);
}
