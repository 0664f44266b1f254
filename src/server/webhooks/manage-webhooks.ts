// What administrators do with webhooks. The secret is told once, when a webhook is made or its secret is replaced. What is sent
// is what its owner may see, so whoever changes one becomes its owner.
import type { Actor } from '#shared/access/actor.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { CreateId, TenantId } from '#shared/kernel/ids.ts';
import type { RandomSource } from '#shared/kernel/ports.ts';
import {
  MOST_WEBHOOKS,
  SECRET_OVERLAP_HOURS,
  type GivenWebhook,
  type NewWebhook,
  type Webhook,
  type WebhookChange,
  type WebhookDeliveries,
  type WebhookDelivery,
  type WebhookList,
} from '#shared/sync/webhook-messages.ts';
import { PING_EVENT, toWebhookEvent, type WebhookEvent } from '#shared/webhooks/webhook-events.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import type { Principal } from '#server/identity/principal.ts';
import { assertProved } from '#server/identity/session-proof.ts';
import type { SqlSession } from '#server/store/database.ts';
import { sealSecret } from '#server/store/sealed-secret.ts';
import { deliver, type DeliveryContext } from '#server/webhooks/deliver.ts';
import { assertMayManageWebhooks, secretContext } from '#server/webhooks/may-manage.ts';
import {
  giveUpWaiting,
  lockDelivery,
  lockWebhook,
  readDeliveries,
  readWebhooks,
  toShownDelivery,
  type WebhookRow,
} from '#server/webhooks/webhook-rows.ts';

const SECRET_BYTES = 32;
const OVERLAP_MS = SECRET_OVERLAP_HOURS * 3_600_000;

export interface ManageWebhooks {
  list(principal: Principal): Promise<WebhookList>;
  /** @throws OutpostError `action_forbidden`, `invalid`, `address_forbidden`, `proof_required`; so do the others. */
  create(principal: Principal, wish: NewWebhook): Promise<GivenWebhook>;
  change(principal: Principal, id: string, wish: WebhookChange): Promise<Webhook>;
  remove(principal: Principal, id: string): Promise<void>;
  /** A new secret; the one before signs as well for a day. */
  rotate(principal: Principal, id: string): Promise<GivenWebhook>;
  deliveries(principal: Principal, id: string): Promise<WebhookDeliveries>;
  /** Sends a ping now and answers what became of it. */
  test(principal: Principal, id: string): Promise<WebhookDelivery>;
  /** Tells of it once more, under the same id. */
  replay(principal: Principal, id: string, deliveryId: string): Promise<WebhookDelivery>;
}

interface Dependencies extends DeliveryContext {
  readonly random: RandomSource;
  readonly createId: CreateId;
  readonly handOver: (tenantId: TenantId) => Promise<void>;
}

const notFound = (): OutpostError => new OutpostError('not_found', 'There is no such webhook.');

function readEvents(names: readonly string[]): readonly WebhookEvent[] {
  const events = names.map((name) => ({ name, event: toWebhookEvent(name) }));
  const unknown = events.find(({ event }) => event === null);
  if (unknown !== undefined)
    throw new OutpostError('invalid', `There is no event ${unknown.name}.`, { problems: ['events:unknown'] });
  return [...new Set(events.flatMap(({ event }) => event ?? []))];
}

function readUrl(text: string): URL {
  const url = URL.parse(text.trim());
  const isPossible = url !== null && ['https:', 'http:'].includes(url.protocol) && url.username === '';
  if (!isPossible || url.password !== '')
    throw new OutpostError('invalid', 'This is no address a webhook can be sent to.', { problems: ['url:address'] });
  url.hash = '';
  return url;
}

export function createManageWebhooks(deps: Dependencies): ManageWebhooks {
  const { database, clock, random, egress, createId } = deps;
  const tenantOf = ({ tenantId }: Actor): TenantId => tenantId as TenantId;

  function note(
    session: SqlSession,
    { actor, deviceId, address }: Principal,
    command: string,
    { id, name }: { readonly id: string; readonly name: string },
    more: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const detail = { name, ...more, ...(address === undefined ? {} : { address }) };
    const what = { command, entity: 'webhook', id, groups: [], outcome: 'applied', detail };
    return appendAudit(session, tenantOf(actor), clock.now(), [{ actor: actor.userId, device: deviceId, ...what }]);
  }

  /** Before it is kept: a refused address is told to whoever types it. */
  async function checkUrl(text: string): Promise<URL> {
    const url = readUrl(text);
    const isPlain = url.protocol === 'http:';
    const port = url.port === '' ? (isPlain ? 80 : 443) : Number(url.port);
    const { isAllowed } = await egress.check(url.hostname, port);
    if (isPlain && !isAllowed)
      throw new OutpostError('invalid', 'Webhooks are sent over https.', { problems: ['url:https'] });
    return url;
  }

  async function found(session: SqlSession, actor: Actor, id: string): Promise<Webhook> {
    const webhook = (await readWebhooks(session, tenantOf(actor), clock.now())).find((each) => each.id === id);
    if (webhook === undefined) throw notFound();
    return webhook;
  }

  async function locked(session: SqlSession, actor: Actor, id: string): Promise<WebhookRow> {
    const row = await lockWebhook(session, tenantOf(actor), id);
    if (row === null) throw notFound();
    return row;
  }

  /** Changes what is sent out of the organization: an open window is not enough. */
  function write<Value>(principal: Principal, work: (session: SqlSession) => Promise<Value>): Promise<Value> {
    assertMayManageWebhooks(principal.actor);
    return database.inTenant(tenantOf(principal.actor), async (session) => {
      await assertProved(session, principal, clock.now());
      return work(session);
    });
  }

  const makeSecret = (): string => `whs_${Buffer.from(random.bytes(SECRET_BYTES)).toString('base64url')}`;
  const seal = (session: SqlSession, tenantId: TenantId, id: string, secret: string): Promise<Uint8Array> =>
    sealSecret(session, secretContext(tenantId, id), Buffer.from(secret, 'utf8'));

  return {
    async list({ actor }) {
      assertMayManageWebhooks(actor);
      const webhooks = await database.inTenant(tenantOf(actor), (session) =>
        readWebhooks(session, tenantOf(actor), clock.now()),
      );
      return { webhooks: [...webhooks] };
    },
    async create(principal, wish) {
      const { actor } = principal;
      assertMayManageWebhooks(actor);
      const tenantId = tenantOf(actor);
      const events = readEvents(wish.events);
      const url = await checkUrl(wish.url);
      return write(principal, async (session) => {
        const known = await readWebhooks(session, tenantId, clock.now());
        if (known.length >= MOST_WEBHOOKS)
          throw new OutpostError('invalid', `An organization has at most ${String(MOST_WEBHOOKS)} webhooks.`, {
            problems: ['name:tooMany'],
          });
        const id = createId();
        const secret = wish.secret ?? makeSecret();
        const name = wish.name.trim();
        await session.query(
          `INSERT INTO webhook (tenant, id, owner, name, url, events, state, created_at, secret)
           VALUES ($1, $2, $3, $4, $5, $6, 'active', $7, $8)`,
          [tenantId, id, actor.userId, name, url.href, events, clock.now(), await seal(session, tenantId, id, secret)],
        );
        await note(session, principal, 'webhook.create', { id, name }, { host: url.host, events: events.join(' ') });
        return { webhook: await found(session, actor, id), secret };
      });
    },
    async change(principal, id, wish) {
      const { actor } = principal;
      assertMayManageWebhooks(actor);
      const tenantId = tenantOf(actor);
      const events = readEvents(wish.events);
      const url = await checkUrl(wish.url);
      return write(principal, async (session) => {
        const { state } = await locked(session, actor, id);
        const next = wish.isPaused ? 'paused' : 'active';
        const name = wish.name.trim();
        await session.query(
          `UPDATE webhook SET name = $3, url = $4, events = $5, state = $6, owner = $7,
             failures = CASE WHEN $6 = 'active' AND state <> 'active' THEN 0 ELSE failures END
           WHERE tenant = $1 AND id = $2`,
          [tenantId, id, name, url.href, events, next, actor.userId],
        );
        if (state === 'active' && next === 'paused') await giveUpWaiting(session, tenantId, id);
        const detail = { host: url.host, events: events.join(' '), state: next };
        await note(session, principal, 'webhook.save', { id, name }, detail);
        return found(session, actor, id);
      });
    },
    remove: (principal, id) =>
      write(principal, async (session) => {
        const { actor } = principal;
        const { name } = await locked(session, actor, id);
        for (const [table, column] of [
          ['webhook_delivery', 'webhook'],
          ['webhook', 'id'],
        ] as const)
          await session.query(`DELETE FROM ${table} WHERE tenant = $1 AND ${column} = $2`, [tenantOf(actor), id]);
        await note(session, principal, 'webhook.delete', { id, name });
      }),
    rotate: (principal, id) =>
      write(principal, async (session) => {
        const { actor } = principal;
        const tenantId = tenantOf(actor);
        const { name } = await locked(session, actor, id);
        const secret = makeSecret();
        await session.query(
          `UPDATE webhook SET former_secret = secret, former_until = $3, secret = $4 WHERE tenant = $1 AND id = $2`,
          [tenantId, id, clock.now() + OVERLAP_MS, await seal(session, tenantId, id, secret)],
        );
        await note(session, principal, 'webhook.rotate', { id, name });
        return { webhook: await found(session, actor, id), secret };
      }),
    async deliveries({ actor }, id) {
      assertMayManageWebhooks(actor);
      return database.inTenant(tenantOf(actor), async (session) => {
        await locked(session, actor, id);
        return { deliveries: [...(await readDeliveries(session, tenantOf(actor), id))] };
      });
    },
    async test(principal, id) {
      const { actor } = principal;
      assertMayManageWebhooks(actor);
      const tenantId = tenantOf(actor);
      const deliveryId = createId();
      await database.inTenant(tenantId, async (session) => {
        const { name } = await locked(session, actor, id);
        // Marked as handed over: no job is to send it.
        await session.query(
          `INSERT INTO webhook_delivery (tenant, id, webhook, event, at, state, next_at, is_sent_off)
           VALUES ($1, $2, $3, $4, $5::bigint, 'waiting', $5::bigint, true)`,
          [tenantId, deliveryId, id, PING_EVENT, clock.now()],
        );
        await note(session, principal, 'webhook.test', { id, name });
      });
      const delivery = await deliver(deps, { tenantId, webhookId: id, deliveryId, attempt: 0 });
      if (delivery === null) throw notFound();
      return delivery;
    },
    async replay(principal, id, deliveryId) {
      const { actor } = principal;
      assertMayManageWebhooks(actor);
      const tenantId = tenantOf(actor);
      const delivery = await database.inTenant(tenantId, async (session) => {
        const { name, state } = await locked(session, actor, id);
        const row = await lockDelivery(session, tenantId, deliveryId);
        if (row?.webhook !== id) throw new OutpostError('not_found', 'There is no such delivery any more.');
        if (state !== 'active')
          throw new OutpostError('invalid', 'Nothing is sent while the webhook is switched off.', {
            problems: ['state:off'],
          });
        if (row.state !== 'waiting') {
          await session.query(
            `UPDATE webhook_delivery SET state = 'waiting', attempts = 0, round = round + 1, next_at = $3, is_sent_off = false, failure = NULL
             WHERE tenant = $1 AND id = $2`,
            [tenantId, deliveryId, clock.now()],
          );
          await note(session, principal, 'webhook.replay', { id, name }, { delivery: deliveryId });
        }
        return lockDelivery(session, tenantId, deliveryId);
      });
      if (delivery === null) throw notFound();
      await deps.handOver(tenantId);
      return toShownDelivery(delivery);
    },
  };
}
