import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainOperations } from '#server/observe/operations-settings.ts';
import { checkMetrics, startPrometheus } from '#test/support/prometheus.ts';
import { call, codeOf, foundCompany, signIn, startServer, type TestServer } from '#test/support/start-server.ts';

const token = 'a-token-of-sixteen-letters-and-more';
let server: TestServer;
beforeAll(async () => {
  server = await startServer({ operations: { ...plainOperations, metricsToken: token } });
  await foundCompany(server, 'north', [
    { id: 'ada', role: 'org_admin' },
    { id: 'rene', role: 'sales_rep' },
  ]);
}, 60_000);
afterAll(() => server.remove());

describe('/metrics', () => {
  it('OBS-11 opens to the token of the server and to whoever runs the server, and to nobody else', async () => {
    expect((await call(server, '/metrics')).status).toBe(401);
    expect((await call(server, '/metrics', { token: `${token}.` })).status).toBe(401);
    const rep = await call(server, '/metrics', { token: (await signIn(server, 'rene')).accessToken });
    expect([rep.status, codeOf(rep)]).toEqual([403, 'action_forbidden']);
    const admin = await call(server, '/metrics', { token: (await signIn(server, 'ada')).accessToken });
    expect([admin.status, admin.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/plain')]);
    expect((await call(server, '/metrics', { token })).status).toBe(200);
  });

  it('OBS-11 the token of /metrics opens nothing else', async () => {
    expect((await call(server, '/api/v1/sessions', { token })).status).toBe(401);
    expect((await call(server, '/api/health/detailed', { token })).status).toBe(401);
  });

  it('OBS-11 an administrator of one of several organizations does not see the whole server', async () => {
    const { accessToken } = await signIn(server, 'ada');
    await foundCompany(server, 'south', [{ id: 'sue', role: 'org_admin' }]);
    expect(codeOf(await call(server, '/metrics', { token: accessToken }))).toBe('action_forbidden');
  });

  it('OBS-11 promtool finds nothing wrong with names, units and types', async () => {
    await call(server, '/nothing/here');
    const { text } = await call(server, '/metrics', { token });
    expect(checkMetrics(text)).toBe('');
    expect(text).toContain('outpost_build_info');
  });

  it('OBS-11 whoever guesses addresses or ids makes no new series', async () => {
    const { accessToken } = await signIn(server, 'ada');
    const count = async () =>
      (await call(server, '/metrics', { token })).text.split('\n').filter((line) => line.startsWith('outpost_')).length;
    await count();
    await call(server, '/guess/0');
    await call(server, '/api/v1/sessions/none-0', { method: 'DELETE', token: accessToken });
    const before = await count();
    for (let round = 1; round < 20; round += 1) {
      await call(server, `/guess/${String(round)}`);
      await call(server, `/api/v1/sessions/none-${String(round)}`, { method: 'DELETE', token: accessToken });
    }
    expect(await count()).toBe(before);
    const { text } = await call(server, '/metrics', { token });
    for (const secret of ['guess', 'none-1', 'ada', 'north']) expect(text).not.toContain(secret);
  });

  it('OBS-03 OBS-11 a real Prometheus reads it and answers questions about it', { timeout: 90_000 }, async () => {
    const prometheus = await startPrometheus(new URL(server.url).host, token);
    try {
      const waiting = { timeout: 60_000, interval: 300 };
      await expect.poll(() => prometheus.ask('up{job="outpost"}'), waiting).toBe(1);
      await expect.poll(() => prometheus.ask('outpost_database_up'), waiting).toBe(1);
      const query = 'sum(outpost_http_request_duration_seconds_count{route="/api/health"})';
      await expect
        .poll(async () => {
          await call(server, '/api/health');
          return prometheus.ask(query);
        }, waiting)
        .toBeGreaterThan(1);
    } finally {
      await prometheus.stop();
    }
  });
});
