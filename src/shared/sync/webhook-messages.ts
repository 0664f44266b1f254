// What desktop and server say to each other about webhooks.
import { Type, type Static } from 'typebox';
import { webhookEvents } from '#shared/webhooks/webhook-events.ts';

const Instant = Type.String({ maxLength: 32 });
const Id = Type.String({ maxLength: 64 });
const orNull = <Schema extends ReturnType<typeof Type.String>>(schema: Schema) => Type.Union([schema, Type.Null()]);

export const MOST_WEBHOOKS = 50;
export const MOST_URL_LETTERS = 500;
/** How long the former secret still signs after a rotation. */
export const SECRET_OVERLAP_HOURS = 24;
/** What is kept of an answer. */
export const KEPT_ANSWER_LETTERS = 2048;

/** Why nothing is sent: somebody switched it off, it failed too often, or the receiver said that it is gone. */
export const webhookStates = ['active', 'paused', 'failing', 'gone'] as const;

export const WebhookSchema = Type.Object({
  id: Id,
  name: Type.String({ maxLength: 80 }),
  url: Type.String({ maxLength: MOST_URL_LETTERS }),
  events: Type.Array(Type.Enum([...webhookEvents])),
  state: Type.Enum([...webhookStates]),
  /** What is sent is what this person may see. */
  ownerId: Id,
  isOwnerActive: Type.Boolean(),
  createdAt: Instant,
  /** Until then the secret before the last rotation signs as well. */
  formerUntil: orNull(Instant),
  failuresInRow: Type.Integer({ minimum: 0 }),
  lastAt: orNull(Instant),
  lastStatus: Type.Union([Type.Integer(), Type.Null()]),
  waiting: Type.Integer({ minimum: 0 }),
});
export type Webhook = Static<typeof WebhookSchema>;

export const WebhookListSchema = Type.Object({ webhooks: Type.Array(WebhookSchema, { maxItems: MOST_WEBHOOKS }) });
export type WebhookList = Static<typeof WebhookListSchema>;

const wish = {
  name: Type.String({ minLength: 1, maxLength: 80 }),
  url: Type.String({ minLength: 1, maxLength: MOST_URL_LETTERS }),
  /** As they are called here, or as other products call them (`lead_created`, `opportunity.won`). */
  events: Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { minItems: 1, maxItems: 64 }),
};
export const NewWebhookSchema = Type.Object(
  { ...wish, secret: Type.Optional(Type.String({ minLength: 16, maxLength: 128 })) },
  { additionalProperties: false },
);
export type NewWebhook = Static<typeof NewWebhookSchema>;

/** Whoever changes one becomes its owner. */
export const WebhookChangeSchema = Type.Object({ ...wish, isPaused: Type.Boolean() }, { additionalProperties: false });
export type WebhookChange = Static<typeof WebhookChangeSchema>;

/** The only time the secret is told. */
export const GivenWebhookSchema = Type.Object({ webhook: WebhookSchema, secret: Type.String({ maxLength: 128 }) });
export type GivenWebhook = Static<typeof GivenWebhookSchema>;

/**
 * `withheld`: not sent, because its owner does not see the record, or is not active any more. `dead`: every attempt failed, or
 * the webhook was switched off.
 */
export const deliveryStates = ['waiting', 'delivered', 'withheld', 'dead'] as const;

/** Why an attempt did not succeed; null: it did, or there was none. */
export const deliveryFailures = ['status', 'timeout', 'unreachable', 'address', 'off'] as const;

export const WebhookDeliverySchema = Type.Object({
  id: Id,
  event: Type.String({ maxLength: 64 }),
  entity: Type.Union([Type.String({ maxLength: 64 }), Type.Null()]),
  recordId: Type.Union([Id, Type.Null()]),
  state: Type.Enum([...deliveryStates]),
  /** When the server accepted the change. */
  at: Instant,
  attempts: Type.Integer({ minimum: 0 }),
  /** Of the next attempt, while it waits. */
  nextAt: orNull(Instant),
  lastAt: orNull(Instant),
  status: Type.Union([Type.Integer(), Type.Null()]),
  failure: Type.Union([Type.Enum([...deliveryFailures]), Type.Null()]),
  tookMs: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
  /** The beginning of the last answer. */
  answer: Type.String({ maxLength: KEPT_ANSWER_LETTERS }),
});
export type WebhookDelivery = Static<typeof WebhookDeliverySchema>;

export const MOST_DELIVERIES_SHOWN = 100;
export const WebhookDeliveriesSchema = Type.Object({
  /** The newest first. */
  deliveries: Type.Array(WebhookDeliverySchema, { maxItems: MOST_DELIVERIES_SHOWN }),
});
export type WebhookDeliveries = Static<typeof WebhookDeliveriesSchema>;
