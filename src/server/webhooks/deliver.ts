// One attempt to tell one address of one event. What is sent is made now, from the record as it is and as the owner of the
// webhook may see it: what was hidden, erased or taken away since is not sent, however often the attempt is repeated. A slow or
// endless answer is cut off, nothing is followed elsewhere, and no change of a record ever waits for any of this.
import type { Actor } from '#shared/access/actor.ts';
import { keySetOf, meets } from '#shared/access/scope.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { entityOf } from '#shared/entities/registry.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { KEPT_ANSWER_LETTERS, type WebhookDelivery } from '#shared/sync/webhook-messages.ts';
import { PING_EVENT } from '#shared/webhooks/webhook-events.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import type { Egress } from '#server/egress/egress.ts';
import { readActor } from '#server/identity/load-actor.ts';
import { gateColumns, type GateRow } from '#server/platform/gate.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';
import { openSecret } from '#server/store/sealed-secret.ts';
import { createSqlTransaction } from '#server/sync/sql/sql-sync-store.ts';
import { placeKey, placeOf } from '#server/sync/stored-record.ts';
import { projectRows } from '#server/sync/visible-records.ts';
import { mayManageWebhooks, secretContext } from '#server/webhooks/may-manage.ts';
import { SIGNATURE_HEADER, signWebhook } from '#server/webhooks/sign-webhook.ts';
import type { SwitchedOff } from '#server/webhooks/tell-switched-off.ts';
import {
  giveUpWaiting,
  lockDelivery,
  lockWebhook,
  toShownDelivery,
  type DeliveryRow,
  type WebhookRow,
} from '#server/webhooks/webhook-rows.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Between the attempts at one delivery. */
export const webhookPausesMs: readonly number[] = [
  MINUTE_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  6 * HOUR_MS,
  24 * HOUR_MS,
];
/** Whoever asks for more patience gets at most this. */
const LONGEST_PAUSE_MS = 24 * HOUR_MS;
/** After so many failed attempts in a row a webhook is switched off. */
export const MOST_FAILURES_IN_ROW = 20;
/** Of the shape of what is sent; another one means that a receiver has to be changed. */
const BODY_VERSION = 1;
const ANSWER_LIMIT_MS = 10_000;
/** Of what is sent, and of what is read of an answer. */
const MOST_BODY_BYTES = 64 * 1024;

const GONE = 410;
const TOO_MANY = 429;

export interface DeliveryContext {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly egress: Egress;
  readonly readMaskSecret: () => Promise<Uint8Array>;
  readonly pausesMs: readonly number[];
  readonly version: string;
  /** Somebody should know that nothing is sent any more. */
  readonly onSwitchedOff: (what: SwitchedOff) => void;
}

export interface DeliveryJob {
  readonly tenantId: TenantId;
  readonly webhookId: string;
  readonly deliveryId: string;
  /** Attempts before this one: a job that runs twice does it once. */
  readonly attempt: number;
}

type Plan =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'end'; readonly state: 'withheld' | 'dead' }
  /** Nothing leaves an organization while it is suspended. */
  | { readonly kind: 'later' }
  | {
      readonly kind: 'send';
      readonly url: string;
      readonly body: string;
      readonly secrets: readonly string[];
      readonly event: string;
    };

interface Outcome {
  readonly status: number | null;
  readonly failure: DeliveryRow['failure'];
  readonly answer: string;
  readonly tookMs: number;
  readonly retryAfterMs: number;
}

/** The record as its owner may see it; null where there is none to see. */
async function readVisible(
  session: SqlSession,
  actor: Actor,
  { entity, record: id }: DeliveryRow,
  maskSecret: Uint8Array,
): Promise<AnyRecord | null> {
  const definition = entity === null ? undefined : entityOf(entity);
  if (definition === undefined || id === null) return null;
  const transaction = createSqlTransaction(session, actor.tenantId as TenantId);
  const place = placeOf(definition, id);
  const stored = (await transaction.readRecords([place], false)).get(placeKey(place.coll, id));
  if (stored === undefined || stored.isDeleted || stored.record.kind !== definition.name) return null;
  if (!meets(keySetOf(actor, definition, 'read'), stored.scopeKeys)) return null;
  const { record, fieldRev } = stored;
  const [visible = null] = await projectRows({ transaction, actor, maskSecret, canWrite: true }, [
    { definition, record, fieldRev },
  ]);
  return visible;
}

function toBody(tenantId: string, { id, event, entity, at, typedAt }: DeliveryRow, record: AnyRecord | null): string {
  const head = { version: BODY_VERSION, id, event, organization: tenantId, entity, at: toInstant(at), typedAt };
  const whole = JSON.stringify({ ...head, record });
  if (Buffer.byteLength(whole) <= MOST_BODY_BYTES) return whole;
  // The receiver asks for it by its id.
  const short = record === null ? null : { id: record.id, kind: record.kind, rev: record.rev };
  return JSON.stringify({ ...head, record: short, isShortened: true });
}

async function openSecrets(
  session: SqlSession,
  tenantId: TenantId,
  { id, secret, formerSecret, formerUntil }: WebhookRow,
  nowMs: number,
): Promise<readonly string[]> {
  const kept = [secret, ...(formerSecret !== null && (formerUntil ?? 0) > nowMs ? [formerSecret] : [])];
  return Promise.all(
    kept.map(async (sealed) => (await openSecret(session, secretContext(tenantId, id), sealed)).toString('utf8')),
  );
}

async function plan(
  session: SqlSession,
  context: DeliveryContext,
  job: DeliveryJob,
  maskSecret: Uint8Array,
): Promise<Plan> {
  const { tenantId } = job;
  // First, as whoever changes it does: nobody waits for the other.
  const webhook = await lockWebhook(session, tenantId, job.webhookId);
  const delivery = await lockDelivery(session, tenantId, job.deliveryId);
  if (webhook === null || delivery?.state !== 'waiting' || delivery.attempts !== job.attempt)
    return { kind: 'nothing' };
  const { event } = delivery;
  if (event !== PING_EVENT && webhook.state !== 'active') return { kind: 'end', state: 'dead' };
  const [gate] = await session.query<GateRow>(`SELECT ${gateColumns}`, [tenantId]);
  if (gate?.state === 'suspended') return { kind: 'later' };
  const owner = await readActor(session, tenantId, webhook.owner as UserId);
  if (owner === null || !mayManageWebhooks(owner.actor)) return { kind: 'end', state: 'withheld' };
  const record = event === PING_EVENT ? null : await readVisible(session, owner.actor, delivery, maskSecret);
  if (record === null && event !== PING_EVENT) return { kind: 'end', state: 'withheld' };
  const secrets = await openSecrets(session, tenantId, webhook, context.clock.now());
  return { kind: 'send', url: webhook.url, body: toBody(tenantId, delivery, record), secrets, event };
}

/** Seconds, or a date. */
function readRetryAfter(text: string | null, nowMs: number): number {
  if (text === null) return 0;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return Number.isFinite(ms) ? Math.min(LONGEST_PAUSE_MS, Math.max(0, ms)) : 0;
}

function failureOf(error: unknown): NonNullable<Outcome['failure']> {
  if (error instanceof OutpostError && error.code === 'address_forbidden') return 'address';
  return error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError')
    ? 'timeout'
    : 'unreachable';
}

async function send(
  { egress, clock, version }: DeliveryContext,
  { deliveryId, attempt }: DeliveryJob,
  { url, body, secrets, event }: Extract<Plan, { readonly kind: 'send' }>,
): Promise<Outcome> {
  const startedMs = clock.now();
  const took = (): number => Math.max(0, clock.now() - startedMs);
  try {
    const response = await egress.fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': `Outpost/${version}`,
        'outpost-event': event,
        'outpost-delivery': deliveryId,
        'outpost-attempt': String(attempt + 1),
        [SIGNATURE_HEADER]: signWebhook(secrets, body, startedMs),
      },
      body,
      limitMs: ANSWER_LIMIT_MS,
      keepBytes: MOST_BODY_BYTES,
    });
    const text = (await response.text()).replaceAll('\0', '').slice(0, KEPT_ANSWER_LETTERS).toWellFormed();
    const retryAfterMs = readRetryAfter(response.headers.get('retry-after'), clock.now());
    const { status } = response;
    return { status, failure: response.ok ? null : 'status', answer: text, tookMs: took(), retryAfterMs };
  } catch (error) {
    return { status: null, failure: failureOf(error), answer: '', tookMs: took(), retryAfterMs: 0 };
  }
}

/** Switches a webhook off that nobody listens to any more, and says so in the audit. */
async function switchOff(
  session: SqlSession,
  tenantId: TenantId,
  webhook: WebhookRow,
  state: 'failing' | 'gone',
  nowMs: number,
): Promise<SwitchedOff> {
  await session.query('UPDATE webhook SET state = $3 WHERE tenant = $1 AND id = $2', [tenantId, webhook.id, state]);
  await giveUpWaiting(session, tenantId, webhook.id);
  const detail = { name: webhook.name, reason: state };
  const what = { command: 'webhook.switchOff', entity: 'webhook', id: webhook.id, groups: [], outcome: 'applied' };
  await appendAudit(session, tenantId, nowMs, [{ actor: null, device: null, ...what, detail }]);
  const { id: webhookId, name, owner: ownerId } = webhook;
  return { tenantId, webhookId, name, ownerId, reason: state, atMs: nowMs };
}

interface Noted {
  readonly row: DeliveryRow | null;
  readonly switchedOff: SwitchedOff | null;
}

async function note(
  session: SqlSession,
  { clock, pausesMs }: DeliveryContext,
  { tenantId, webhookId, deliveryId, attempt }: DeliveryJob,
  outcome: Outcome,
): Promise<Noted> {
  const nowMs = clock.now();
  const webhook = await lockWebhook(session, tenantId, webhookId);
  const delivery = await lockDelivery(session, tenantId, deliveryId);
  if (webhook === null || delivery?.state !== 'waiting' || delivery.attempts !== attempt)
    return { row: delivery, switchedOff: null };
  const isDone = outcome.failure === null;
  const isPing = delivery.event === PING_EVENT;
  const pause = isPing || outcome.status === GONE ? undefined : pausesMs[attempt];
  const nextAt = isDone || pause === undefined ? null : nowMs + Math.max(pause, outcome.retryAfterMs);
  const state = isDone ? 'delivered' : nextAt === null ? 'dead' : 'waiting';
  await session.query(
    `UPDATE webhook_delivery SET state = $3, attempts = $4, next_at = $5, is_sent_off = false, last_at = $6, status = $7,
       failure = $8, took_ms = $9, answer = $10 WHERE tenant = $1 AND id = $2`,
    [
      tenantId,
      deliveryId,
      state,
      attempt + 1,
      nextAt,
      nowMs,
      outcome.status,
      outcome.failure,
      outcome.tookMs,
      outcome.answer,
    ],
  );
  // Who asks for patience is there, and a test by hand is no series.
  const isCounted = !isPing && outcome.status !== TOO_MANY;
  const failures = isDone ? 0 : webhook.failures + (isCounted ? 1 : 0);
  await session.query('UPDATE webhook SET failures = $3 WHERE tenant = $1 AND id = $2', [
    tenantId,
    webhook.id,
    failures,
  ]);
  const why = outcome.status === GONE ? 'gone' : failures >= MOST_FAILURES_IN_ROW ? 'failing' : null;
  const switchedOff =
    webhook.state === 'active' && why !== null ? await switchOff(session, tenantId, webhook, why, nowMs) : null;
  return { row: await lockDelivery(session, tenantId, deliveryId), switchedOff };
}

async function end(
  session: SqlSession,
  { clock }: DeliveryContext,
  { tenantId, deliveryId }: DeliveryJob,
  state: 'withheld' | 'dead',
): Promise<void> {
  await session.query(
    `UPDATE webhook_delivery SET state = $3, next_at = NULL, last_at = $4, failure = $5 WHERE tenant = $1 AND id = $2`,
    [tenantId, deliveryId, state, clock.now(), state === 'dead' ? 'off' : null],
  );
}

/** Looked at again then; no attempt was made. */
async function putOff(
  session: SqlSession,
  { clock }: DeliveryContext,
  { tenantId, deliveryId }: DeliveryJob,
): Promise<void> {
  await session.query(
    `UPDATE webhook_delivery SET is_sent_off = false, round = round + 1, next_at = $3 WHERE tenant = $1 AND id = $2`,
    [tenantId, deliveryId, clock.now() + HOUR_MS],
  );
}

/** Answers the delivery as it stands then; null when there is none. Never throws for what the receiver does. */
export async function deliver(context: DeliveryContext, job: DeliveryJob): Promise<WebhookDelivery | null> {
  const { database } = context;
  // Before the transaction: inside it the one connection of an embedded database would wait for itself.
  const maskSecret = await context.readMaskSecret();
  const planned = await database.inTenant(job.tenantId, async (session) => {
    const made = await plan(session, context, job, maskSecret);
    if (made.kind === 'end') await end(session, context, job, made.state);
    if (made.kind === 'later') await putOff(session, context, job);
    return made;
  });
  const outcome = planned.kind === 'send' ? await send(context, job, planned) : null;
  const { row, switchedOff } = await database.inTenant(job.tenantId, async (session) =>
    outcome === null
      ? { row: await lockDelivery(session, job.tenantId, job.deliveryId), switchedOff: null }
      : note(session, context, job, outcome),
  );
  if (switchedOff !== null) context.onSwitchedOff(switchedOff);
  return row === null ? null : toShownDelivery(row);
}
