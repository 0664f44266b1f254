// Webhooks: who is told of what, and what became of it.
import { Type } from 'typebox';
import { ErrorResponseSchema } from '#shared/sync/messages.ts';
import {
  GivenWebhookSchema,
  NewWebhookSchema,
  WebhookChangeSchema,
  WebhookDeliveriesSchema,
  WebhookDeliverySchema,
  WebhookListSchema,
  WebhookSchema,
} from '#shared/sync/webhook-messages.ts';
import { type HttpServer, principalOf } from '#server/http/http-server.ts';
import type { ManageWebhooks } from '#server/webhooks/manage-webhooks.ts';

const failures = { '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema };
const Nothing = Type.Object({}, { additionalProperties: false });
const id = Type.String({ minLength: 1, maxLength: 64 });
const Id = Type.Object({ id });
const tags = ['webhooks'];
const path = '/api/v1/webhooks';
/** What is done by hand, costs an entry of the audit or asks somebody else's server. */
const rateLimit = { max: 60, timeWindow: '1 minute' };

export function addWebhookRoutes(app: HttpServer, manage: ManageWebhooks): void {
  app.get(
    path,
    {
      schema: {
        summary: 'Webhooks of the organization; for administrators',
        tags,
        response: { 200: WebhookListSchema, ...failures },
      },
    },
    (request) => manage.list(principalOf(request)),
  );
  app.post(
    path,
    {
      config: { rateLimit },
      schema: {
        summary: 'A new webhook; the answer is the only time its secret is told',
        description: 'Events are named as here (`deal.won`) or as elsewhere (`lead_created`, `opportunity.won`).',
        tags,
        body: NewWebhookSchema,
        response: { 201: GivenWebhookSchema, ...failures },
      },
    },
    async (request, reply) => reply.code(201).send(await manage.create(principalOf(request), request.body)),
  );
  app.put(
    `${path}/:id`,
    {
      config: { rateLimit },
      schema: {
        summary: 'Change a webhook, pause it or go on; whoever does becomes its owner',
        tags,
        params: Id,
        body: WebhookChangeSchema,
        response: { 200: WebhookSchema, ...failures },
      },
    },
    (request) => manage.change(principalOf(request), request.params.id, request.body),
  );
  app.delete(
    `${path}/:id`,
    {
      config: { rateLimit },
      schema: { summary: 'Remove a webhook', tags, params: Id, response: { 200: Nothing, ...failures } },
    },
    async (request) => {
      await manage.remove(principalOf(request), request.params.id);
      return {};
    },
  );
  app.post(
    `${path}/:id/rotate`,
    {
      config: { rateLimit },
      schema: {
        summary: 'A new secret; the one before signs as well for a day',
        tags,
        params: Id,
        response: { 200: GivenWebhookSchema, ...failures },
      },
    },
    (request) => manage.rotate(principalOf(request), request.params.id),
  );
  addDeliveryRoutes(app, manage);
}

function addDeliveryRoutes(app: HttpServer, manage: ManageWebhooks): void {
  app.post(
    `${path}/:id/test`,
    {
      config: { rateLimit },
      schema: {
        summary: 'Send a ping now, and hear what became of it',
        tags,
        params: Id,
        response: { 200: WebhookDeliverySchema, ...failures },
      },
    },
    (request) => manage.test(principalOf(request), request.params.id),
  );
  app.get(
    `${path}/:id/deliveries`,
    {
      schema: {
        summary: 'What was told lately and what became of it, the newest first',
        tags,
        params: Id,
        response: { 200: WebhookDeliveriesSchema, ...failures },
      },
    },
    (request) => manage.deliveries(principalOf(request), request.params.id),
  );
  app.post(
    `${path}/:id/deliveries/:delivery/replay`,
    {
      config: { rateLimit },
      schema: {
        summary: 'Tell of it once more, under the same id',
        tags,
        params: Type.Object({ id, delivery: id }),
        response: { 200: WebhookDeliverySchema, ...failures },
      },
    },
    (request) => manage.replay(principalOf(request), request.params.id, request.params.delivery),
  );
}
