// What stands behind the channels about webhooks.
import type { Handlers } from '#main/ipc/answer-invoke.ts';
import type { ActiveProfile } from '#main/session/active-profile.ts';
import type { WebhookClient } from '#main/sync/webhook-client.ts';

type WebhookChannel =
  | 'webhooks.list'
  | 'webhooks.create'
  | 'webhooks.change'
  | 'webhooks.remove'
  | 'webhooks.rotate'
  | 'webhooks.deliveries'
  | 'webhooks.test'
  | 'webhooks.replay';

export function createWebhookHandlers(
  client: WebhookClient,
  requireActive: () => ActiveProfile,
): Pick<Handlers, WebhookChannel> {
  function ask<Value>(work: (serverUrl: string, token: string) => Promise<Value>): Promise<Value> {
    const { account, access } = requireActive();
    return access.run((token) => work(account.serverUrl, token));
  }
  return {
    'webhooks.list': () => ask((url, token) => client.list(url, token)),
    'webhooks.create': (wish) => ask((url, token) => client.create(url, token, wish)),
    'webhooks.change': ({ id, ...wish }) => ask((url, token) => client.change(url, token, id, wish)),
    'webhooks.remove': async ({ id }) => {
      await ask((url, token) => client.remove(url, token, id));
      return null;
    },
    'webhooks.rotate': ({ id }) => ask((url, token) => client.rotate(url, token, id)),
    'webhooks.deliveries': ({ id }) => ask((url, token) => client.deliveries(url, token, id)),
    'webhooks.test': ({ id }) => ask((url, token) => client.test(url, token, id)),
    'webhooks.replay': ({ id, deliveryId }) => ask((url, token) => client.replay(url, token, id, deliveryId)),
  };
}
