// Rights are kept at hand between requests. Nobody may notice: what changed is seen by the very next request.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PushResponse, SessionGrant, Where } from '#shared/sync/messages.ts';
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
let opNo = 0;
beforeAll(async () => {
  server = await startServer();
  await createOrganizationWith(server, 'north', [
    { id: 'ada', role: 'org_admin' },
    { id: 'rene', role: 'sales_rep' },
    { id: 'lena', role: 'sales_rep' },
  ]);
}, 60_000);
afterAll(() => server.remove());

async function change(ada: SessionGrant, entity: string, recordId: string, to: Readonly<Record<string, unknown>>) {
  opNo += 1;
  const [group = ''] = Object.keys(to);
  const operation: Operation = {
    opId: `op-${String(opNo)}`,
    opNo,
    txn: null,
    kind: 'patch',
    entity,
    recordId,
    command: 'updateRecord',
    baseRev: 0,
    changes: [{ group, base: {}, to }],
    dependsOn: [],
    captured: { wall: '2026-11-21T09:00:00.000Z', sinceBootMs: 1 },
    schema: 1,
  };
  const body = { protocol: 1, epoch: await epochOf(ada), ops: [operation] };
  const answer = await call(server, '/sync/v1/push', { token: ada.accessToken, body });
  const [verdict] = (answer.body as PushResponse).verdicts;
  return verdict?.status;
}

const where = (grant: SessionGrant) => call(server, '/sync/v1/where', { token: grant.accessToken });
const epochOf = async (grant: SessionGrant): Promise<number> => ((await where(grant)).body as Where).epoch;

/** What only administrators may. */
async function mayReadAudit(grant: SessionGrant): Promise<boolean> {
  return (await call(server, '/api/v1/fields/audit', { token: grant.accessToken })).status === 200;
}

describe('recognising a caller', () => {
  it('PER-13 SYNC-38 sees a right that was given and one that was taken with the next request', async () => {
    const [ada, rene] = [await signIn(server, 'ada'), await signIn(server, 'rene')];
    const before = await epochOf(rene);
    expect(await mayReadAudit(rene)).toBe(false);
    expect(await change(ada, 'user', 'rene', { role: 'org_admin' })).toBe('applied');
    expect(await mayReadAudit(rene)).toBe(true);
    expect(await epochOf(rene)).toBe(before + 1);
    expect(await change(ada, 'user', 'rene', { role: 'sales_rep' })).toBe('applied');
    expect(await mayReadAudit(rene)).toBe(false);
  });

  it('IDT-11 SYNC-38 tells those who ask at once apart: living, ended, switched off', async () => {
    const ada = await signIn(server, 'ada');
    const living = [ada, await signIn(server, 'rene', 'first'), await signIn(server, 'rene', 'second')];
    const ended = await signIn(server, 'rene', 'third');
    const off = await signIn(server, 'lena');
    const askAll = () => Promise.all([...living, ended, off, ...living].map((grant) => where(grant)));
    expect((await askAll()).map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
    const out = await call(server, '/api/v1/auth/sign-out', { token: ended.accessToken, body: {} });
    expect(out.status).toBeLessThan(300);
    expect(await change(ada, 'user', 'lena', { isActive: false })).toBe('applied');
    const answers = await askAll();
    const told = answers.map((answer) => (answer.status === 200 ? 'living' : codeOf(answer)));
    expect(told).toEqual([
      'living',
      'living',
      'living',
      'session_revoked',
      'account_deactivated',
      'living',
      'living',
      'living',
    ]);
    expect(new Set(answers.slice(0, 3).map(({ text }) => JSON.parse(text).incarnation)).size).toBe(1);
  });
});
