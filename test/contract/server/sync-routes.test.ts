import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { PUSH_BODY_LIMIT_BYTES } from '#server/http/errors.ts';
import type { PullResponse, PushResponse, SessionGrant } from '#shared/sync/messages.ts';
import type { Operation } from '#shared/sync/operation.ts';
import {
  call,
  codeOf,
  createOrganizationWith,
  signIn,
  startServer,
  type TestServer,
} from '#test/support/start-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
  await createOrganizationWith(server, 'north', [
    { id: 'ada', role: 'org_admin' },
    { id: 'rene', role: 'sales_rep' },
    { id: 'lena', role: 'sales_rep' },
  ]);
}, 60_000);
afterAll(() => server.remove());

const numbers = new Map<string, number>();

function createAccount(grant: SessionGrant, recordId: string, name: string): Operation {
  const opNo = (numbers.get(grant.actor.userId) ?? 0) + 1;
  numbers.set(grant.actor.userId, opNo);
  const ownerId = grant.actor.userId;
  return {
    opId: `op-${grant.actor.userId}-${opNo}`,
    opNo,
    txn: null,
    kind: 'create',
    entity: 'account',
    recordId,
    command: 'createRecord',
    baseRev: 0,
    changes: [
      { group: 'name', base: {}, to: { name } },
      { group: 'owner', base: {}, to: { ownerId } },
    ],
    dependsOn: [],
    captured: { wall: '2026-11-21T09:00:00.000Z', sinceBootMs: 1 },
    schema: 1,
  };
}

function push(grant: SessionGrant, ops: readonly Operation[], protocol = 1) {
  return call(server, '/sync/v1/push', { token: grant.accessToken, body: { protocol, epoch: grant.actor.epoch, ops } });
}

async function pullAll(grant: SessionGrant, from: string | null = null) {
  const items: PullResponse['items'] = [];
  for (let token = from; ;) {
    const answer = await call(server, '/sync/v1/pull', { token: grant.accessToken, body: { protocol: 1, token } });
    if (answer.status !== 200) throw new Error(answer.text);
    const page = answer.body as PullResponse;
    items.push(...page.items);
    token = page.token;
    if (page.caughtUp) return { items, token };
  }
}

describe('push and pull over HTTP', () => {
  it('SYNC-05 takes an operation, answers a verdict, and answers the same again', async () => {
    const rene = await signIn(server, 'rene');
    const operation = createAccount(rene, 'acme', 'Acme');
    const first = await push(rene, [operation]);
    expect([first.status, first.text]).toEqual([200, expect.stringContaining('"applied"')]);
    const again = await push(rene, [operation]);
    expect((again.body as PushResponse).verdicts).toEqual((first.body as PushResponse).verdicts);
  });

  it('SYNC-16 delivers it to those who may see it and to nobody else', async () => {
    const [ada, rene, lena] = [await signIn(server, 'ada'), await signIn(server, 'rene'), await signIn(server, 'lena')];
    await push(rene, [createAccount(rene, 'beta', 'Beta')]);
    const has = async (grant: SessionGrant) => JSON.stringify((await pullAll(grant)).items).includes('"Beta"');
    expect([await has(ada), await has(rene), await has(lena)]).toEqual([true, true, false]);
  });

  it('SYNC-28 pokes the colleague who sees it within a second of the commit, and not the other one', async () => {
    const [ada, rene, lena] = [await signIn(server, 'ada'), await signIn(server, 'rene'), await signIn(server, 'lena')];
    const hear = async (grant: SessionGrant) => {
      const socket = new WebSocket(`${server.url.replace('http', 'ws')}/sync/v1/live`, {
        headers: { authorization: `Bearer ${grant.accessToken}` },
      });
      const atMs: number[] = [];
      socket.on('message', () => atMs.push(performance.now()));
      await new Promise((resolve) => socket.once('message', resolve));
      await delay(300);
      atMs.length = 0;
      return { socket, atMs };
    };
    const [adaEar, lenaEar] = [await hear(ada), await hear(lena)];
    await push(rene, [createAccount(rene, 'gamma', 'Gamma')]);
    const committedMs = performance.now();
    while (adaEar.atMs.length === 0 && performance.now() - committedMs < 5000) await delay(10);
    expect((adaEar.atMs[0] ?? Infinity) - committedMs).toBeLessThan(1000);
    await delay(400);
    expect(lenaEar.atMs).toEqual([]);
    adaEar.socket.terminate();
    lenaEar.socket.terminate();
  });

  it('SYNC-38 role change of a user ends what the old rights could do, and deactivation ends everything', async () => {
    const [ada, lena] = [await signIn(server, 'ada'), await signIn(server, 'lena')];
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/sync/v1/live`, {
      headers: { authorization: `Bearer ${lena.accessToken}` },
    });
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await new Promise((resolve) => socket.once('message', resolve));
    const opNo = (numbers.get(ada.actor.userId) ?? 0) + 1;
    const deactivate: Operation = {
      ...createAccount(ada, 'lena', ''),
      opNo,
      kind: 'patch',
      entity: 'user',
      command: 'updateRecord',
      baseRev: 1,
      changes: [{ group: 'isActive', base: { isActive: true }, to: { isActive: false } }],
    };
    const answer = await push(ada, [deactivate]);
    const startMs = performance.now();
    expect(answer.text).toContain('"applied"');
    expect(await closed).toBe(4401);
    expect(performance.now() - startMs).toBeLessThan(1000);
    const refused = await call(server, '/sync/v1/pull', {
      token: lena.accessToken,
      body: { protocol: 1, token: null },
    });
    expect([refused.status, codeOf(refused)]).toEqual([403, 'account_deactivated']);
  });

  it('B15 serves the protocols it knows and tells all others, whatever else they send', async () => {
    const rene = await signIn(server, 'rene');
    expect((await push(rene, [], 1)).status).toBe(200);
    for (const protocol of [-1, 0, 2, 999]) {
      const strange = await call(server, '/sync/v1/push', {
        token: rene.accessToken,
        body: { protocol, shape: 'of another time' },
      });
      expect([protocol, strange.status, codeOf(strange)]).toEqual([protocol, 426, 'too_old_protocol']);
    }
    expect(
      codeOf(await call(server, '/sync/v1/pull', { token: rene.accessToken, body: { protocol: 'x', token: null } })),
    ).toBe('invalid');
  });

  it('A8 refuses positions that were edited, invented or made for another user', async () => {
    const [ada, rene] = [await signIn(server, 'ada'), await signIn(server, 'rene')];
    const { token } = await pullAll(ada);
    for (const position of [token, `${token.slice(0, -4)}AAAA`, 'x', '']) {
      const answer = await call(server, '/sync/v1/pull', {
        token: rene.accessToken,
        body: { protocol: 1, token: position },
      });
      expect([position.length, answer.status, codeOf(answer)]).toEqual([position.length, 400, 'bad_token']);
    }
  });

  it('B5 takes pushes up to 8 MB and refuses larger ones', async () => {
    const rene = await signIn(server, 'rene');
    const padding = (bytes: number) => `{"protocol":1,"epoch":${rene.actor.epoch},"ops":[]${' '.repeat(bytes)}}`;
    const send = (body: string) => call(server, '/sync/v1/push', { token: rene.accessToken, body });
    expect((await send(padding(PUSH_BODY_LIMIT_BYTES - 200))).status).toBe(200);
    expect(codeOf(await send(padding(PUSH_BODY_LIMIT_BYTES)))).toBe('too_large');
  });

  it('B5 D14 logs no field value of a push, refused or not', async () => {
    const rene = await signIn(server, 'rene');
    const canary = 'canary-company-name';
    await push(rene, [createAccount(rene, 'canary', canary)]);
    await push(rene, [{ ...createAccount(rene, 'canary-2', canary), entity: 'x'.repeat(40) }]);
    await push(rene, [{ ...createAccount(rene, 'canary-3', `${canary}\u0000`), opNo: 1 }]);
    expect(server.logText()).not.toContain('canary');
  });
});
