// The calls about webhooks; part of the client of an Outpost server.
import { Type } from 'typebox';
import {
  GivenWebhookSchema,
  WebhookDeliveriesSchema,
  WebhookDeliverySchema,
  WebhookListSchema,
  WebhookSchema,
  type GivenWebhook,
  type NewWebhook,
  type Webhook,
  type WebhookChange,
  type WebhookDeliveries,
  type WebhookDelivery,
  type WebhookList,
} from '#shared/sync/webhook-messages.ts';
import type { CallServer } from '#main/sync/access-client.ts';

/** The server itself waits for the receiver. */
const TEST_LIMIT_MS = 30_000;

export interface WebhookClient {
  list(serverUrl: string, accessToken: string): Promise<WebhookList>;
  create(serverUrl: string, accessToken: string, wish: NewWebhook): Promise<GivenWebhook>;
  change(serverUrl: string, accessToken: string, id: string, wish: WebhookChange): Promise<Webhook>;
  remove(serverUrl: string, accessToken: string, id: string): Promise<void>;
  rotate(serverUrl: string, accessToken: string, id: string): Promise<GivenWebhook>;
  deliveries(serverUrl: string, accessToken: string, id: string): Promise<WebhookDeliveries>;
  test(serverUrl: string, accessToken: string, id: string): Promise<WebhookDelivery>;
  replay(serverUrl: string, accessToken: string, id: string, deliveryId: string): Promise<WebhookDelivery>;
}

export function createWebhookClient(call: CallServer): WebhookClient {
  const all = (serverUrl: string): string => `${serverUrl}/api/v1/webhooks`;
  const one = (serverUrl: string, id: string): string => `${all(serverUrl)}/${encodeURIComponent(id)}`;
  return {
    list: (serverUrl, accessToken) =>
      call({ method: 'GET', url: all(serverUrl), schema: WebhookListSchema, accessToken }),
    create: (serverUrl, accessToken, body) =>
      call({ method: 'POST', url: all(serverUrl), schema: GivenWebhookSchema, body, accessToken }),
    change: (serverUrl, accessToken, id, body) =>
      call({ method: 'PUT', url: one(serverUrl, id), schema: WebhookSchema, body, accessToken }),
    async remove(serverUrl, accessToken, id) {
      await call({ method: 'DELETE', url: one(serverUrl, id), schema: Type.Unknown(), accessToken });
    },
    rotate: (serverUrl, accessToken, id) =>
      call({ method: 'POST', url: `${one(serverUrl, id)}/rotate`, schema: GivenWebhookSchema, body: {}, accessToken }),
    deliveries: (serverUrl, accessToken, id) =>
      call({ method: 'GET', url: `${one(serverUrl, id)}/deliveries`, schema: WebhookDeliveriesSchema, accessToken }),
    test: (serverUrl, accessToken, id) =>
      call({
        method: 'POST',
        url: `${one(serverUrl, id)}/test`,
        schema: WebhookDeliverySchema,
        body: {},
        accessToken,
        limitMs: TEST_LIMIT_MS,
      }),
    replay: (serverUrl, accessToken, id, deliveryId) =>
      call({
        method: 'POST',
        url: `${one(serverUrl, id)}/deliveries/${encodeURIComponent(deliveryId)}/replay`,
        schema: WebhookDeliverySchema,
        body: {},
        accessToken,
      }),
  };
}
