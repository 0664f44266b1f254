// What webhooks are to be told is kept in the transaction of the change itself, so that nothing is told that did not happen and
// nothing that happened is left out. Nobody waits for it: whoever sends hears of it when the transaction is done.
import type { TenantId } from '#shared/kernel/ids.ts';
import { eventsOf, type WebhookEvent } from '#shared/webhooks/webhook-events.ts';
import { toJsonBytes, type SqlSession } from '#server/store/database.ts';
import type { PendingChange } from '#server/sync/pending-change.ts';

/** Sent at the commit of something a webhook is to be told: payload is the tenant. */
export const WEBHOOK_CHANNEL = 'outpost_webhook';

export interface RaisedEvent {
  readonly event: WebhookEvent;
  readonly entity: string;
  readonly record: string;
  /** When the server accepted it, in milliseconds since 1970. */
  readonly at: number;
  /** When somebody did it on their computer; null: the server did it itself. */
  readonly typedAt: string | null;
}

export function eventsToRaise(
  changes: readonly (PendingChange & { readonly typedAt?: string | null })[],
  at: number,
): readonly RaisedEvent[] {
  return changes.flatMap(({ definition, action, before = null, after, typedAt = null }) =>
    eventsOf({ kind: definition.name, action, before, after }).map((event) => ({
      event,
      entity: definition.name,
      record: after.id,
      at,
      typedAt,
    })),
  );
}

export async function raiseEvents(
  session: SqlSession,
  tenantId: TenantId,
  events: readonly RaisedEvent[],
): Promise<void> {
  if (events.length === 0) return;
  await session.query(
    `WITH told AS (
       INSERT INTO webhook_delivery (tenant, id, webhook, event, entity, record, at, typed_at, state, next_at)
       SELECT w.tenant, gen_random_uuid()::text, w.id, e.event, e.entity, e.record, e.at, e."typedAt", 'waiting', e.at
       FROM json_to_recordset($2::json) AS e(event text, entity text, record text, at bigint, "typedAt" text)
       JOIN webhook w ON w.tenant = $1 AND w.state = 'active' AND e.event = ANY (w.events)
       RETURNING tenant)
     SELECT pg_notify($3, told.tenant) FROM told LIMIT 1`,
    [tenantId, toJsonBytes(events), WEBHOOK_CHANNEL],
  );
}
