// What stands behind the channels about API keys, usage and how the organization is reached.
import type { Handlers } from '#main/ipc/answer-invoke.ts';
import type { ActiveProfile } from '#main/session/active-profile.ts';
import type { AccessClient } from '#main/sync/access-client.ts';

type AccessChannel =
  | 'keys.list'
  | 'keys.create'
  | 'keys.rotate'
  | 'keys.revoke'
  | 'usage.own'
  | 'usage.people'
  | 'access.rules'
  | 'access.change';

export function createAccessHandlers(
  client: AccessClient,
  requireActive: () => ActiveProfile,
): Pick<Handlers, AccessChannel> {
  function ask<Value>(work: (serverUrl: string, token: string) => Promise<Value>): Promise<Value> {
    const { account, access } = requireActive();
    return access.run((token) => work(account.serverUrl, token));
  }
  return {
    'keys.list': ({ isOfAll }) => ask((url, token) => client.listKeys(url, token, isOfAll)),
    'keys.create': (wish) => ask((url, token) => client.createKey(url, token, wish)),
    'keys.rotate': ({ id, ...rotation }) => ask((url, token) => client.rotateKey(url, token, id, rotation)),
    'keys.revoke': async ({ id }) => {
      await ask((url, token) => client.revokeKey(url, token, id));
      return null;
    },
    'usage.own': () => ask((url, token) => client.readUsage(url, token)),
    'usage.people': () => ask((url, token) => client.readUsageOfPeople(url, token)),
    'access.rules': () => ask((url, token) => client.readAccessRules(url, token)),
    'access.change': (change) => ask((url, token) => client.changeAccessRules(url, token, change)),
  };
}
