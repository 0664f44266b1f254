// Batches leave while the ones before them are judged, and still every operation is answered once and in order. A push that
// the server cannot read makes way for the rest, and never goes round for ever.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Journal } from '#main/journal/journal.ts';
import type { ActiveProfile } from '#main/session/active-profile.ts';
import { createPusher } from '#main/sync/pusher.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { PushRequest, PushResponse } from '#shared/sync/messages.ts';
import { PUSH_BATCH_SIZE } from '#shared/sync/operation.ts';
import { applied, createJournalWorld, type JournalWorld } from '#test/support/journal-world.ts';

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

const answerTo = (body: PushRequest): PushResponse => ({
  verdicts: body.ops.map(applied),
  serverTime: '2026-11-21T09:00:00.000Z',
});

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

  it('SYNC-7 the next batch leaves before the one before it is answered', async () => {
    const operations = journal.append(Array.from({ length: PUSH_BATCH_SIZE + 5 }, () => world.draft()));
    const asked: number[] = [];
    const answers: (() => void)[] = [];
    const push = (_url: string, _token: string, body: PushRequest): Promise<PushResponse> => {
      asked.push(body.ops.length);
      return new Promise((resolve) => answers.push(() => resolve(answerTo(body))));
    };
    const pusher = createPusher({ push });
    const first = pusher.push(profileWith(journal), 1, new AbortController().signal);
    await vi.waitFor(() => expect(asked).toEqual([PUSH_BATCH_SIZE, 5]));
    answers[0]?.();
    await first;
    expect(journal.undelivered()).toHaveLength(PUSH_BATCH_SIZE);
    answers[1]?.();
    await pusher.push(profileWith(journal), 1, new AbortController().signal);
    expect(asked).toEqual([PUSH_BATCH_SIZE, 5]);
    expect(journal.undelivered()).toHaveLength(operations.length);
  });

  it('SYNC-20 a batch that overtook the one before it is sent again and not taken for a loss of the server', async () => {
    journal.append(Array.from({ length: PUSH_BATCH_SIZE + 5 }, () => world.draft()));
    const asked: number[] = [];
    let lastOpNo = 0;
    const server = (body: PushRequest): PushResponse => {
      const first = body.ops[0]?.opNo ?? 0;
      if (first !== lastOpNo + 1)
        throw new OutpostError('invalid', `Operation ${String(lastOpNo + 1)} of this device is missing.`, {
          expectedOpNo: lastOpNo + 1,
        });
      lastOpNo = body.ops.at(-1)?.opNo ?? 0;
      return answerTo(body);
    };
    const push = async (_url: string, _token: string, body: PushRequest): Promise<PushResponse> => {
      const turn = asked.push(body.ops[0]?.opNo ?? 0);
      // The first request is late: the second one is there before it.
      if (turn === 1) await vi.waitFor(() => expect(asked).toHaveLength(2));
      return server(body);
    };
    const pusher = createPusher({ push });
    await pusher.push(profileWith(journal), 1, new AbortController().signal);
    await pusher.push(profileWith(journal), 1, new AbortController().signal);
    expect(asked).toEqual([1, PUSH_BATCH_SIZE + 1, PUSH_BATCH_SIZE + 1]);
    expect(journal.nextBatch()).toEqual([]);
    expect(journal.attention()).toEqual([]);
  });
});
