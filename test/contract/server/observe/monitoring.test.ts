import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TenantId } from '#shared/kernel/ids.ts';
import type {
  MonitoringErrors,
  MonitoringHealth,
  MonitoringStats,
  MonitoringUsage,
} from '#shared/sync/monitoring-messages.ts';
import { tidyMonitor } from '#server/observe/read-monitor.ts';
import {
  call,
  codeOf,
  createManualClock,
  foundCompany,
  signIn,
  startServer,
  type TestServer,
} from '#test/support/start-server.ts';

const HOUR_MS = 3_600_000;
let server: TestServer;
const tokens: Record<string, string> = {};
beforeAll(async () => {
  // In the middle of a step of the figures, so that no test crosses one.
  const clock = createManualClock(Math.floor(Date.now() / HOUR_MS) * HOUR_MS + 150_000);
  server = await startServer({ clock });
  await foundCompany(server, 'north', [
    { id: 'ada', role: 'org_admin' },
    { id: 'rene', role: 'sales_rep' },
  ]);
  await foundCompany(server, 'south', [{ id: 'sue', role: 'org_admin' }]);
  for (const id of ['ada', 'rene', 'sue']) tokens[id] = (await signIn(server, id)).accessToken;
}, 60_000);
afterAll(() => server.remove());

const ask = async <Body>(path: string, person = 'ada'): Promise<Body> => {
  const answer = await call(server, path, { token: tokens[person] ?? '' });
  expect(answer.status).toBe(200);
  return answer.body as Body;
};

describe('the API monitor', () => {
  it('API-03 API-04 counts requests by endpoint, with average, p95, shortest and longest time', async () => {
    for (let round = 0; round < 5; round += 1) await ask('/api/v1/sessions', 'rene');
    const { endpoints, total } = await ask<MonitoringStats>('/api/monitoring/stats');
    const sessions = endpoints.find(({ method, endpoint }) => method === 'GET' && endpoint === '/api/v1/sessions');
    expect(sessions).toMatchObject({ requests: 5, errors: 0, refused: 0, errorRate: 0 });
    const { minMs = 0, averageMs = 0, p95Ms = 0, maxMs = 0 } = sessions ?? {};
    expect(minMs).toBeGreaterThan(0);
    expect([minMs <= averageMs, averageMs <= maxMs, minMs <= p95Ms, p95Ms <= maxMs]).toEqual([true, true, true, true]);
    expect(total.requests).toBeGreaterThanOrEqual(5);
  });

  it('API-03 names refusals with code and correlation id, never with what was asked for', async () => {
    await call(server, '/api/v1/sessions/secret-session', {
      method: 'DELETE',
      token: tokens['rene'] ?? '',
      headers: { 'x-correlation-id': 'monitored-refusal' },
    });
    const { recent, byEndpoint } = await ask<MonitoringErrors>('/api/monitoring/errors');
    expect(recent.find(({ correlationId }) => correlationId === 'monitored-refusal')).toMatchObject({
      method: 'DELETE',
      endpoint: '/api/v1/sessions/:id',
      status: 404,
      code: 'not_found',
      userId: 'rene',
    });
    expect(byEndpoint.find(({ endpoint }) => endpoint === '/api/v1/sessions/:id')).toMatchObject({
      refused: 1,
      errors: 0,
    });
    expect(JSON.stringify(recent)).not.toContain('secret-session');
  });

  it('API-04 says who uses the server how much', async () => {
    const { users } = await ask<MonitoringUsage>('/api/v1/monitoring/usage');
    const own = users.find(({ userId }) => userId === 'rene');
    expect(own?.requests).toBe(6);
  });

  it('API-03 OBS-13 tells status, share of errors and number of requests', async () => {
    const health = await ask<MonitoringHealth>('/api/monitoring/health');
    expect(health).toMatchObject({ status: 'ok', error_rate: 0, total_requests: expect.any(Number) });
    expect(health.total_requests).toBeGreaterThan(5);
  });

  it('API-04 A9 shows an organization nothing of another one, and reps nothing', async () => {
    await ask('/api/v1/sessions', 'sue');
    expect((await ask<MonitoringUsage>('/api/monitoring/usage', 'sue')).users.map(({ userId }) => userId)).toEqual([
      'sue',
    ]);
    expect((await ask<MonitoringErrors>('/api/monitoring/errors', 'sue')).recent).toEqual([]);
    for (const name of ['health', 'stats', 'errors', 'usage']) {
      const answer = await call(server, `/api/monitoring/${name}`, { token: tokens['rene'] ?? '' });
      expect([name, answer.status, codeOf(answer)]).toEqual([name, 403, 'action_forbidden']);
    }
  });

  it('API-03 keeps its figures when they are added up to hours, and removes old ones', async () => {
    const before = await ask<MonitoringStats>('/api/monitoring/stats?hours=2160');
    server.clock.advance(3 * 24 * HOUR_MS);
    const tidy = () =>
      server.database.inTenant('north' as TenantId, (session) =>
        tidyMonitor(session, 'north' as TenantId, server.clock.now()),
      );
    await tidy();
    tokens['ada'] = (await signIn(server, 'ada')).accessToken;
    const after = await ask<MonitoringStats>('/api/monitoring/stats?hours=2160');
    const figuresOf = ({ endpoints }: MonitoringStats) =>
      endpoints.find(({ method, endpoint }) => method === 'GET' && endpoint === '/api/v1/sessions');
    expect(figuresOf(after)).toEqual(figuresOf(before));
    server.clock.advance(90 * 24 * HOUR_MS);
    await tidy();
    tokens['ada'] = (await signIn(server, 'ada')).accessToken;
    expect(figuresOf(await ask<MonitoringStats>('/api/monitoring/stats?hours=2160'))).toBeUndefined();
  });
});
