import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { once } from 'node:events';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { MaskingAudit, PullResponse, SessionGrant } from '#shared/sync/messages.ts';
import { POKE_INTERVAL_MS } from '#server/live/live-hub.ts';
import { seedRecords } from '#server/sync/apply-records.ts';
import {
  createOrganizationWith,
  call,
  codeOf,
  signIn,
  startServer,
  type TestServer,
} from '#test/support/start-server.ts';
import { seededRecord } from '#test/support/sync-world.ts';

const CANARY = 'canary.erika@secret.example';
let server: TestServer;
let tenantId: TenantId;

beforeAll(async () => {
  server = await startServer();
  tenantId = await createOrganizationWith(server, 'north', [
    { id: 'ada', role: 'org_admin' },
    { id: 'rene', role: 'sales_rep' },
    { id: 'uma', role: 'revealer' },
  ]);
  await seedRecords(server.database, tenantId, [
    seededRecord('role', 'revealer', {
      name: 'Revealer',
      basedOn: 'viewer',
      permissions: ['record.read', 'data.unmask'],
      scopes: { contact: { read: 'all' } },
    }),
    seededRecord('piiRule', 'p1', { entity: 'contact', field: 'email', isPii: true, maskType: 'encrypt' }),
    ...['rene', 'uma'].map((_, index) =>
      seededRecord('fieldRule', `f${index}`, {
        role: index === 0 ? 'sales_rep' : 'revealer',
        entity: 'contact',
        field: 'birthday',
        mode: 'hidden',
      }),
    ),
    seededRecord('contact', 'c1', { name: 'Erika', ownerId: 'rene', email: CANARY, birthday: '1980-01-02' }),
  ]);
}, 60_000);
afterAll(() => server.remove());

const reveal = (grant: SessionGrant, field: string, id = 'c1') =>
  call(server, '/api/v1/fields/reveal', { token: grant.accessToken, body: { entity: 'contact', id, field } });

const auditOf = async (grant: SessionGrant) =>
  ((await call(server, '/api/v1/fields/audit', { token: grant.accessToken })).body as MaskingAudit).entries;

/** A connected device that has had its first poke. */
async function listen({ accessToken }: SessionGrant) {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/sync/v1/live`, {
    headers: { authorization: `Bearer ${accessToken}` },
  });
  await once(socket, 'message');
  const heard: string[] = [];
  socket.on('message', (data: Buffer) => heard.push(data.toString()));
  return { socket, heard };
}

describe('revealing a masked value', () => {
  it('PER-17 PER-21 whoever holds the right reads the value, one at a time, and every look is written down', async () => {
    const [uma, ada] = [await signIn(server, 'uma'), await signIn(server, 'ada')];
    const answer = await call(server, '/sync/v1/pull', { token: uma.accessToken, body: { protocol: 1, token: null } });
    const { items } = answer.body as PullResponse;
    const shown = items.flatMap((item) => (item.t === 'put' && item.record['id'] === 'c1' ? [item.record] : []));
    expect(shown).toMatchObject([{ email: { $masked: expect.stringMatching(/^enc:/) as string } }]);
    expect(answer.text).not.toContain(CANARY);
    expect((await reveal(uma, 'email')).body).toEqual({ value: CANARY });
    expect((await auditOf(ada))[0]).toMatchObject({
      actor: 'uma',
      command: 'revealField',
      entity: 'contact',
      id: 'c1',
      groups: ['email'],
      outcome: 'revealed',
    });
  });

  it('A1 A9 nobody reveals without the right, what is hidden, or what is out of sight', async () => {
    const [uma, rene, ada] = [await signIn(server, 'uma'), await signIn(server, 'rene'), await signIn(server, 'ada')];
    expect(codeOf(await reveal(rene, 'email'))).toBe('action_forbidden');
    const hidden = await reveal(uma, 'birthday');
    const unknown = await reveal(uma, 'shoeSize');
    const plain = ({ text }: { readonly text: string }) => text.replace(/"correlationId":"[^"]*"/, '');
    expect(codeOf(hidden)).toBe('invalid');
    expect(plain(hidden)).toBe(plain(unknown));
    expect(codeOf(await reveal(uma, 'email', 'nobody'))).toBe('not_visible');
    expect((await auditOf(ada))[0]).toMatchObject({ actor: 'uma', id: 'nobody', outcome: 'not_visible' });
    expect(codeOf(await call(server, '/api/v1/fields/audit', { token: rene.accessToken }))).toBe('action_forbidden');
  });

  it('SYNC-22 no log line holds a masked or hidden value', () => {
    expect(server.logText()).not.toMatch(/canary\.erika|1980-01-02/);
  });

  it('SYNC-23 an edit of nothing a person sees pokes that person no more than nothing at all', async () => {
    const [rene, ada] = [await signIn(server, 'rene'), await signIn(server, 'ada')];
    const [ear, other] = [await listen(rene), await listen(ada)];
    // Pokes that are held back for the interval would arrive together with the next.
    const listeningMs = performance.now();
    await expect.poll(() => performance.now() - listeningMs).toBeGreaterThan(POKE_INTERVAL_MS);
    const edit = (opNo: number, group: string, to: string) => ({
      opId: `op-${opNo}`,
      opNo,
      txn: null,
      kind: 'patch',
      entity: 'contact',
      recordId: 'c1',
      command: 'updateRecord',
      baseRev: 0,
      changes: [{ group, base: { [group]: null }, to: { [group]: to } }],
      dependsOn: [],
      captured: { wall: '2026-11-21T09:00:00.000Z', sinceBootMs: 1 },
      schema: 1,
    });
    const push = (op: object) =>
      call(server, '/sync/v1/push', {
        token: ada.accessToken,
        body: { protocol: 1, epoch: ada.actor.epoch, ops: [op] },
      });
    const told = once(other.socket, 'message');
    expect((await push(edit(1, 'birthday', '1980-01-03'))).text).toContain('"status":"merged"');
    await told;
    // What was sent to the other socket before the answer to its ping has arrived before it.
    ear.socket.ping();
    await once(ear.socket, 'pong');
    expect(ear.heard).toEqual([]);
    const poked = once(ear.socket, 'message');
    await push(edit(2, 'jobTitle', 'Head'));
    await poked;
    expect(ear.heard).toEqual(['{"t":"poke"}']);
    ear.socket.terminate();
    other.socket.terminate();
  });
});
