// A push that the server cannot read makes way for the rest, and never goes round for ever.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Journal } from '#main/journal/journal.ts';
import type { ActiveProfile } from '#main/session/active-profile.ts';
import { createPusher } from '#main/sync/pusher.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { PushRequest, PushResponse } from '#shared/sync/messages.ts';
import { createJournalWorld, type JournalWorld } from '#test/support/journal-world.ts';

function profileWith(journal: Journal): ActiveProfile {
  const account = { profileId: 'p', serverUrl: 'http://server', email: 'me@example.com', deviceId: 'device-1' };
  const access = {
    token: () => Promise.resolve(''),
    renew: () => Promise.resolve(),
    run: <Value>(work: (token: string) => Promise<Value>) => work(''),
  };
  const state = { actor: { epoch: 1 } };
  const lease = { noteContact: () => undefined };
  return { account, journal, access, lease, state: () => state } as unknown as ActiveProfile;
}

describe('pusher', () => {
  let world: JournalWorld;
  let journal: Journal;
  beforeEach(() => {
    world = createJournalWorld();
    journal = world.open();
  });
  afterEach(() => {
    journal.close();
    world.remove();
  });

  it('SYNC-7 a server that takes not even an empty number is asked once more and then left alone for a while', async () => {
    journal.append([world.draft()]);
    const asked: string[] = [];
    const push = (_url: string, _token: string, body: PushRequest): Promise<PushResponse> => {
      asked.push(body.ops.map((operation) => operation.kind).join(' '));
      return Promise.reject(new OutpostError('invalid', 'Operation 1 of this device is missing.', {}));
    };
    const pushed = createPusher({ push }).push(profileWith(journal), 1, new AbortController().signal);
    await expect(pushed).rejects.toMatchObject({ code: 'invalid' });
    expect(asked).toEqual(['patch', 'void']);
    expect(journal.attention()).toHaveLength(1);
  });
});
