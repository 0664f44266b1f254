// C11 and A9 over HTTP: what leaves by figures, pivots and reports, for a person and for an API key, and the side doors to what
// a role does not see. Two deals that differ in nothing but a hidden amount, and leads that differ in a masked address.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { GivenApiKey } from '#shared/sync/access-messages.ts';
import type { PullResponse, SessionGrant } from '#shared/sync/messages.ts';
import { seedRecords } from '#server/sync/apply-records.ts';
import {
  call,
  codeOf,
  createOrganizationWith,
  signIn,
  startServer,
  type Answer,
  type TestServer,
} from '#test/support/start-server.ts';

const SECRET_AMOUNT = 987_654_321;
const SECRET_ADDRESS = 'only.for.administrators@example.test';

let server: TestServer;
let ada: SessionGrant;
let rene: SessionGrant;
let lena: SessionGrant;

const at = '2026-01-01T00:00:00.000Z';
const stamps = { createdAt: at, createdBy: null, updatedAt: at, updatedBy: null };
const record = (kind: string, id: string, values: Readonly<Record<string, unknown>>): AnyRecord =>
  ({ kind, id, rev: 0, ownerId: 'rene', teamId: null, ...stamps, ...values }) as AnyRecord;

beforeAll(async () => {
  server = await startServer();
  await createOrganizationWith(server, 'north', [
    { id: 'ada', role: 'org_admin' },
    { id: 'rene', role: 'sales_rep' },
    { id: 'lena', role: 'sales_rep' },
  ]);
  [ada, rene, lena] = [await signIn(server, 'ada'), await signIn(server, 'rene'), await signIn(server, 'lena')];
  await seedRecords(server.database, 'north' as TenantId, [
    record('lead', 'lead-1', { lastName: 'Berger', status: 'new', email: SECRET_ADDRESS }),
    record('deal', 'deal-1', { name: 'Deal', amount: SECRET_AMOUNT, currency: 'EUR', closeDate: '2026-12-01' }),
  ]);
  for (const [entity, field, mode] of [
    ['deal', 'amount', 'hidden'],
    ['lead', 'email', 'mask'],
  ]) {
    const path = '/api/v1/roles/sales_rep/field-permissions';
    const answer = await call(server, path, { token: ada.accessToken, body: { entity, field, mode } });
    if (answer.status !== 200) throw new Error(answer.text);
  }
}, 60_000);
afterAll(() => server.remove());

const leaks = (answer: Answer): boolean =>
  answer.text.includes(String(SECRET_AMOUNT)) ||
  answer.text.includes(String(SECRET_AMOUNT / 100)) ||
  answer.text.includes(SECRET_ADDRESS);

function everyWayOut(token: string): Promise<readonly Answer[]> {
  const values = [{ kind: 'field', id: 'sum', aggregation: 'sum', field: 'amount' }];
  const pivot = { spec: { source: 'deal', rows: [{ field: 'name' }], columns: [], values }, timeZone: 'Europe/Berlin' };
  return Promise.all([
    ...['dashboard', 'leads', 'deals', 'team', 'forecast'].map((name) =>
      call(server, `/api/analytics/${name}`, { token }),
    ),
    call(server, '/api/v1/analytics/pivot', { token, body: pivot }),
    call(server, '/api/v1/analytics/reports', { token }),
    call(server, '/api/v1/users', { token }),
    call(server, '/api/v1/territories', { token }),
  ]);
}

async function keyOf(grant: SessionGrant, permissions: readonly string[]): Promise<string> {
  const answer = await call(server, '/api/v1/api-keys', {
    token: grant.accessToken,
    body: { name: 'Key', permissions },
  });
  if (answer.status !== 201) throw new Error(answer.text);
  return (answer.body as GivenApiKey).secret;
}

const mayReadFigures = [
  'record.read',
  'record.analytics',
  'analytics.read',
  'lead.read',
  'dashboard.view_personal',
  'user.read',
];

describe('what leaves', () => {
  it('C11 a figure, a pivot and a report asked over HTTP show nothing of a masked or hidden field, whoever asks how often', async () => {
    const first = await everyWayOut(rene.accessToken);
    expect(first.some(({ status }) => status === 200)).toBe(true);
    expect(first.filter(leaks)).toEqual([]);
    const key = await keyOf(rene, mayReadFigures);
    for (let time = 0; time < 3; time += 1) {
      const again = await everyWayOut(key);
      expect(again.filter(leaks)).toEqual([]);
      expect(again.map(({ status }) => status)).toEqual(first.map(({ status }) => status));
    }
    const figures = await call(server, '/api/analytics/deals', { token: ada.accessToken });
    expect(figures.status).toBe(200);
  });

  it('C11 asking twice at once is counted twice: the limit is not raised by asking faster', async () => {
    const key = await keyOf(lena, mayReadFigures);
    const ask = () => call(server, '/api/v1/usage', { token: key });
    const answers = await Promise.all(Array.from({ length: 75 }, ask));
    expect(answers.filter(({ status }) => status === 200).length).toBe(60);
    expect(new Set(answers.filter(({ status }) => status !== 200).map(codeOf))).toEqual(new Set(['too_many_requests']));
    server.clock.advance(60_000);
  });

  it('C11 the record of an export is its owner’s: a colleague does not find it, an administrator does', async () => {
    await seedRecords(server.database, 'north' as TenantId, [
      record('dataExport', 'export-1', { title: 'Leads', subject: 'records' }),
    ]);
    const has = async (grant: SessionGrant): Promise<boolean> =>
      JSON.stringify(await pullAll(grant)).includes('export-1');
    expect([await has(rene), await has(lena), await has(ada)]).toEqual([true, false, true]);
  });
});

async function pullAll(grant: SessionGrant): Promise<readonly unknown[]> {
  const { accessToken: token } = grant;
  const items: unknown[] = [];
  for (let position: string | null = null; ;) {
    const body = { protocol: 1, token: position };
    const answer = await call(server, '/sync/v1/pull', { token, body });
    if (answer.status !== 200) throw new Error(answer.text);
    const page = answer.body as PullResponse;
    items.push(...page.items);
    position = page.token;
    if (page.caughtUp) return items;
  }
}
