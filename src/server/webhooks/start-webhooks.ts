// Webhooks as a part of the server: what waits to be told becomes jobs, a few at a time for each organization, so that a
// large import does not stand in the way of everything else that waits. What a server left when it stopped is found again.
import type { TenantId } from '#shared/kernel/ids.ts';
import { stableId } from '#server/jobs/stable-id.ts';
import type { JobEngine, JobKind } from '#server/jobs/job-engine.ts';
import type { ServerLog } from '#server/log/create-log.ts';
import type { WatchedMailer } from '#server/mail/watch-mailer.ts';
import { deliver, webhookPausesMs, type DeliveryContext, type DeliveryJob } from '#server/webhooks/deliver.ts';
import { createSwitchOffTelling } from '#server/webhooks/tell-switched-off.ts';
import packageJson from '../../../package.json' with { type: 'json' };
import { WEBHOOK_CHANNEL } from '#server/webhooks/raise-events.ts';

/** Of an organization, at once in the queue. */
const MOST_IN_QUEUE = 100;
/** Of all organizations; of one of them half. */
const AT_ONCE = 16;
/** Two transactions and one attempt. */
const MOST_SECONDS = 60;
const LOOK_MS = 300_000;

export interface WebhookOptions extends Omit<DeliveryContext, 'onSwitchedOff' | 'version' | 'pausesMs'> {
  readonly mailer: WatchedMailer | null;
  readonly pausesMs?: readonly number[] | undefined;
}

export interface Webhooks {
  /** For attempts that are made at once. */
  readonly context: DeliveryContext;
  /** Once the server listens: goes on with what was left. */
  begin(): Promise<void>;
  /** Hands over what is due for an organization. */
  handOver(tenantId: TenantId): Promise<void>;
  stop(): Promise<void>;
}

interface DueRow {
  readonly id: string;
  readonly webhook: string;
  readonly attempts: number;
  /** How often it was begun anew. */
  readonly round: number;
  readonly nextAt: number;
}

export async function startWebhooks(options: WebhookOptions, log: ServerLog, engine: JobEngine): Promise<Webhooks> {
  const { database, clock, pausesMs = webhookPausesMs } = options;
  const switchedOff = createSwitchOffTelling(options);
  engine.add(switchedOff);
  const context: DeliveryContext = {
    ...options,
    pausesMs,
    version: packageJson.version,
    onSwitchedOff(what) {
      engine
        .send(switchedOff, stableId('webhook-off', what.tenantId, what.webhookId, String(what.atMs)), what)
        .catch((error: unknown) => log.error({ err: error }, 'a webhook that was switched off could not be told'));
    },
  };
  let isStopped = false;
  let running: Promise<void> = Promise.resolve();
  const kind: JobKind<DeliveryJob> = {
    queue: 'webhooks',
    name: 'deliver-webhook',
    atOnce: AT_ONCE,
    groupOf: ({ tenantId }) => tenantId,
    mostSeconds: MOST_SECONDS,
    async work(job) {
      await deliver(context, job);
      await handOver(job.tenantId);
    },
    // Only the server's own faults lead here: the receiver's are noted by the attempt itself.
    giveUp: ({ tenantId, deliveryId }) =>
      database.inTenant(tenantId, async (session) => {
        await session.query(
          `UPDATE webhook_delivery SET state = 'dead', failure = 'unreachable', next_at = NULL
           WHERE tenant = $1 AND id = $2 AND state = 'waiting'`,
          [tenantId, deliveryId],
        );
      }),
  };
  engine.add(kind);

  /** The oldest that nobody handed over: those that are due, and those that wait for their next attempt. */
  async function takeDue(tenantId: TenantId): Promise<readonly DueRow[]> {
    return database.inTenant(tenantId, async (session) => {
      const [row] = await session.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM webhook_delivery WHERE tenant = $1 AND state = 'waiting' AND is_sent_off
           AND next_at <= $2::bigint`,
        [tenantId, clock.now()],
      );
      const room = MOST_IN_QUEUE - (row?.count ?? 0);
      if (room <= 0) return [];
      return session.query<DueRow>(
        `SELECT id, webhook, attempts, round, next_at AS "nextAt" FROM webhook_delivery
         WHERE tenant = $1 AND state = 'waiting' AND NOT is_sent_off ORDER BY next_at, id LIMIT ${String(room)}`,
        [tenantId],
      );
    });
  }

  async function handOver(tenantId: TenantId): Promise<void> {
    const due = await takeDue(tenantId);
    for (const { id, webhook, attempts, round, nextAt } of due) {
      if (isStopped) return;
      const job = { tenantId, webhookId: webhook, deliveryId: id, attempt: attempts };
      const name = stableId('webhook', tenantId, id, String(round), String(attempts));
      // The first attempt is due, whatever clock the change was stamped by.
      const pauseMs = attempts === 0 && round === 0 ? 0 : nextAt - clock.now();
      // The queue goes by a clock of its own. What is due wakes it; what is not is found when it looks.
      await engine.send(kind, name, job, pauseMs <= 0 ? undefined : new Date(Date.now() + pauseMs));
    }
    // A job that was sent and is not marked is sent once more under the same name, which changes nothing.
    if (due.length > 0)
      await database.inTenant(tenantId, (session) =>
        session.query(
          `UPDATE webhook_delivery d SET is_sent_off = true FROM json_to_recordset($2::json) AS s(id text, attempts int)
           WHERE d.tenant = $1 AND d.id = s.id AND d.attempts = s.attempts AND d.state = 'waiting'`,
          [tenantId, JSON.stringify(due)],
        ),
      );
  }

  /** Also what is marked as handed over and long overdue: its job was lost with a queue that was emptied. */
  async function lookAtAll(): Promise<void> {
    const tenants = await database.asOwner((session) =>
      session.query<{ tenant: TenantId }>(`SELECT DISTINCT tenant FROM webhook_delivery WHERE state = 'waiting'`),
    );
    for (const { tenant } of tenants) {
      if (isStopped) return;
      await database.inTenant(tenant, (session) =>
        session.query(
          `UPDATE webhook_delivery SET is_sent_off = false, round = round + 1, next_at = $2::bigint
           WHERE tenant = $1 AND state = 'waiting' AND is_sent_off AND next_at < $2::bigint - $3::bigint`,
          [tenant, clock.now(), 4 * LOOK_MS],
        ),
      );
      await handOver(tenant);
    }
  }

  function later(work: () => Promise<void>): Promise<void> {
    running = running
      .then(() => (isStopped ? undefined : work()))
      .catch((error: unknown) => log.error({ err: error }, 'Webhooks could not be handed over'));
    return running;
  }

  const stopListening = await database.listen(WEBHOOK_CHANNEL, (payload) => {
    void later(payload === '' ? lookAtAll : () => handOver(payload as TenantId));
  });
  const timer = setInterval(() => void later(lookAtAll), LOOK_MS);
  timer.unref();
  return {
    context,
    begin: () => later(lookAtAll),
    handOver: (tenantId) => later(() => handOver(tenantId)),
    async stop() {
      isStopped = true;
      clearInterval(timer);
      await stopListening();
      await running;
    },
  };
}
