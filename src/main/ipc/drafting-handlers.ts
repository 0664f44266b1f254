// Channels about drafting with a language model: one line each, the work is the server's.
import type { Handlers } from '#main/ipc/answer-invoke.ts';
import type { ActiveProfile } from '#main/session/active-profile.ts';
import type { DraftingClient } from '#main/sync/drafting-client.ts';

type DraftingHandlers = Pick<
  Handlers,
  'drafting.state' | 'drafting.ask' | 'drafting.setup' | 'drafting.save' | 'drafting.remove' | 'drafting.test'
>;

export function createDraftingHandlers(requireActive: () => ActiveProfile, client: DraftingClient): DraftingHandlers {
  function ask<Value>(work: (serverUrl: string, token: string) => Promise<Value>): Promise<Value> {
    const { account, access } = requireActive();
    return access.run((token) => work(account.serverUrl, token));
  }
  return {
    'drafting.state': () => ask((url, token) => client.state(url, token)),
    'drafting.ask': (request) => ask((url, token) => client.ask(url, token, request)),
    'drafting.setup': () => ask((url, token) => client.setup(url, token)),
    'drafting.save': (input) => ask((url, token) => client.save(url, token, input)),
    'drafting.remove': () => ask((url, token) => client.remove(url, token)),
    'drafting.test': () => ask((url, token) => client.test(url, token)),
  };
}
