// How often somebody may ask, told with every answer; what devices do to keep up is never in the way of it.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  noAccessRules,
  type AccessRules,
  type GivenApiKey,
  type OwnUsage,
  type UsageOfPeople,
} from '#shared/sync/access-messages.ts';
import type { SessionGrant } from '#shared/sync/messages.ts';
import { createRateLimits } from '#server/access/rate-limits.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import {
  call,
  codeOf,
  createOrganizationWith,
  signIn,
  startServer,
  type Answer,
  type TestServer,
} from '#test/support/start-server.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let server: TestServer;
let ada: SessionGrant;
let rene: SessionGrant;

beforeAll(async () => {
  server = await startServer();
  await createOrganizationWith(server, 'north', [
    { id: 'ada', role: 'org_admin' },
    { id: 'rene', role: 'sales_rep' },
    { id: 'lena', role: 'viewer' },
  ]);
}, 60_000);
afterAll(() => server.remove());

// A new day of counting for every test, begun with its first second.
beforeEach(async () => {
  server.clock.advance(2 * DAY_MS - (server.clock.now() % DAY_MS));
  [ada, rene] = [await signIn(server, 'ada'), await signIn(server, 'rene')];
});

const ask = (token: string) => call(server, '/api/v1/sessions', { token });
async function askTimes(times: number, token: string, path = '/api/v1/sessions'): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (let time = 0; time < times; time += 1) answers.push(await call(server, path, { token }));
  return answers;
}
const statusesOf = (answers: readonly Answer[]) => [...new Set(answers.map(({ status }) => status))];
const setRules = (rules: Partial<AccessRules>) =>
  call(server, '/api/v1/organization/access', {
    method: 'PUT',
    token: ada.accessToken,
    body: { rules: { ...noAccessRules, ...rules } },
  });

describe('limits of requests', () => {
  it('API-01 the sixty-first request within a minute is refused, says why and how long to wait, and the next minute is free', async () => {
    server.clock.advance(20_000);
    expect(statusesOf(await askTimes(60, rene.accessToken))).toEqual([200]);
    const refused = await ask(rene.accessToken);
    expect([refused.status, codeOf(refused)]).toEqual([429, 'too_many_requests']);
    expect(refused.headers.get('retry-after')).toBe('40');
    expect(refused.body).toMatchObject({ error: { details: { limit: 60, span: 'minute', retryAfterSeconds: 40 } } });
    server.clock.advance(39_999);
    expect((await ask(rene.accessToken)).status).toBe(429);
    server.clock.advance(1);
    expect((await ask(rene.accessToken)).status).toBe(200);
  });

  it('API-01 every answer says what is left, by the standard and by the names everybody knows', async () => {
    const [first, second] = await askTimes(2, rene.accessToken);
    expect(first?.headers.get('ratelimit-policy')).toBe(
      '"minute";q=60;w=60, "hour";q=1000;w=3600, "day";q=10000;w=86400',
    );
    expect(first?.headers.get('ratelimit')).toBe('"minute";r=59;t=60');
    expect(second?.headers.get('x-ratelimit-limit')).toBe('60');
    expect(second?.headers.get('x-ratelimit-remaining')).toBe('58');
    expect(second?.headers.get('x-ratelimit-reset')).toBe('60');
  });

  it('API-01 an hour holds a thousand requests and a day ten thousand, whatever the minutes leave', async () => {
    const limits = createRateLimits({ database: server.database, clock: server.clock }, (error) => {
      throw error;
    });
    const limit = { minute: 60, hour: 1000, day: 10_000 };
    const tenantId = 'north' as TenantId;
    const allowed: Record<string, number> = {};
    const refusedBy = new Set<string>();
    for (let minute = 0; minute < 24 * 60; minute += 1) {
      for (let time = 0; time < 61; time += 1) {
        const { isRefused, span } = limits.count(tenantId, 'own somebody', limit);
        const hour = `hour ${String(Math.floor(minute / 60))}`;
        if (isRefused) refusedBy.add(span);
        else {
          allowed[hour] = (allowed[hour] ?? 0) + 1;
          allowed['day'] = (allowed['day'] ?? 0) + 1;
        }
      }
      server.clock.advance(60_000);
    }
    expect(allowed['hour 0']).toBe(1000);
    expect(allowed['day']).toBe(10_000);
    expect([...refusedBy].sort()).toEqual(['day', 'hour', 'minute']);
    await limits.close();
  });

  it('API-01 requests at the same time count each', async () => {
    const answers = await Promise.all(Array.from({ length: 80 }, () => ask(rene.accessToken)));
    expect(answers.filter(({ status }) => status === 200).length).toBe(60);
    expect(answers.filter(({ status }) => status === 429).length).toBe(20);
  });

  it('API-02 a role has other limits when an administrator says so, at once, and nobody else is meant', async () => {
    expect((await setRules({ limits: { viewer: { minute: 3, hour: 10, day: 20 } } })).status).toBe(200);
    const lena = await signIn(server, 'lena');
    expect((await askTimes(4, lena.accessToken)).map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    expect(statusesOf(await askTimes(20, rene.accessToken))).toEqual([200]);
    const wrong = await setRules({ limits: { viewer: { minute: 100, hour: 10, day: 20 } } });
    expect([wrong.status, codeOf(wrong)]).toEqual([400, 'invalid']);
    expect((await setRules({})).status).toBe(200);
  });

  it('API-01 API-05 all keys of a person count together, apart from what the person does, and no key multiplies it', async () => {
    const make = async (): Promise<string> => {
      const body = { name: 'Key', permissions: ['lead.read'] };
      return ((await call(server, '/api/v1/api-keys', { token: rene.accessToken, body })).body as GivenApiKey).secret;
    };
    const [one, other] = [await make(), await make()];
    expect(statusesOf(await askTimes(40, one, '/api/v1/usage'))).toEqual([200]);
    const answers = await askTimes(21, other, '/api/v1/usage');
    expect(answers.map(({ status }) => status).filter((status) => status === 429).length).toBe(1);
    expect((await ask(rene.accessToken)).status).toBe(200);
  });

  it('API-01 SYNC-11 a computer that comes back with everything is not refused, and its person can still ask', async () => {
    const answers = await Promise.all(
      Array.from({ length: 300 }, () => call(server, '/sync/v1/where', { token: rene.accessToken })),
    );
    expect(statusesOf(answers)).toEqual([200]);
    expect(answers[0]?.headers.get('ratelimit')).toBeNull();
    expect((await ask(rene.accessToken)).headers.get('x-ratelimit-remaining')).toBe('59');
    expect(statusesOf(await askTimes(60, rene.accessToken))).toContain(429);
    expect((await call(server, '/sync/v1/where', { token: rene.accessToken })).status).toBe(200);
    const out = await call(server, '/api/v1/auth/sign-out', { token: rene.accessToken, body: {} });
    expect(out.status).toBe(200);
  });

  it('API-01 a device that runs wild is held back for the rest of its minute, and no other', async () => {
    const limits = createRateLimits({ database: server.database, clock: server.clock }, (error) => {
      throw error;
    });
    const tenantId = 'north' as TenantId;
    const verdicts = Array.from({ length: 30_001 }, () => limits.countSync(tenantId, 'wild'));
    expect(verdicts.slice(0, -1).every((verdict) => verdict === null)).toBe(true);
    expect(verdicts.at(-1)).toMatchObject({ isRefused: true });
    expect(limits.countSync(tenantId, 'calm')).toBeNull();
    server.clock.advance(60_000);
    expect(limits.countSync(tenantId, 'wild')).toBeNull();
    await limits.close();
  });

  it('API-01 everybody sees the own usage, administrators that of all', async () => {
    await askTimes(7, rene.accessToken);
    const own = await call(server, '/api/v1/usage', { token: rene.accessToken });
    expect(own.body).toMatchObject({ own: { minute: { count: 8, limit: 60 }, hour: { count: 8 }, day: { count: 8 } } });
    expect((own.body as OwnUsage).keys.day.count).toBe(0);
    const all = await call(server, '/api/v1/usage/people', { token: ada.accessToken });
    const people = (all.body as UsageOfPeople).people;
    expect(people.find(({ userId }) => userId === 'rene')?.own.day.count).toBe(8);
    const refused = await call(server, '/api/v1/usage/people', { token: rene.accessToken });
    expect([refused.status, codeOf(refused)]).toEqual([403, 'action_forbidden']);
  });

  it('API-01 several processes share what they counted, and a new one knows the hours and days before it', async () => {
    const make = () =>
      createRateLimits({ database: server.database, clock: server.clock }, (error) => {
        throw error;
      });
    const [first, second] = [make(), make()];
    const [tenantId, subject, limit] = ['north' as TenantId, 'own shared', { minute: 10, hour: 100, day: 100 }];
    for (let time = 0; time < 6; time += 1) first.count(tenantId, subject, limit);
    for (let time = 0; time < 4; time += 1) second.count(tenantId, subject, limit);
    await first.share();
    await second.share();
    await first.share();
    expect(second.count(tenantId, subject, limit).isRefused).toBe(true);
    first.count(tenantId, subject, limit);
    await first.share();
    expect(first.count(tenantId, subject, limit).isRefused).toBe(true);
    await Promise.all([first.close(), second.close()]);
    server.clock.advance(60_000);
    const third = make();
    third.count(tenantId, subject, limit);
    await third.share();
    const usage = (await third.usageOf(tenantId, new Map([[subject, limit]]))).get(subject);
    expect([usage?.minute.count, usage?.hour.count]).toEqual([1, 12]);
    await third.close();
  });
});
