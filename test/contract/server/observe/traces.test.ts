import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readWatchSettings, WatchSettingsError } from '#shared/observe/watch-settings.ts';
import { noTracing } from '#shared/observe/tracing.ts';
import { openTracing } from '#shared/observe/open-tracing.ts';
import { watchExchange } from '#main/observe/watch-exchange.ts';
import { createExchange } from '#main/sync/exchange.ts';
import { plainOperations } from '#server/observe/operations-settings.ts';
import { startOtlpReceiver, type OtlpReceiver } from '#test/support/otlp-receiver.ts';
import { eventOf, startSentryReceiver, type SentryReceiver } from '#test/support/sentry-receiver.ts';
import {
  call,
  emailOf,
  foundCompany,
  signIn,
  startServer,
  testPassword,
  type TestServer,
} from '#test/support/start-server.ts';

const waiting = { timeout: 30_000, interval: 100 };
let receiver: OtlpReceiver;
let sentry: SentryReceiver;
let server: TestServer;
const folder = mkdtempSync(join(tmpdir(), 'outpost-errors-'));

function settingsOf(service: string) {
  const environment = {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-collector-key=open%20sesame',
    SENTRY_DSN: sentry.dsn,
    ENVIRONMENT: 'test',
    APP_VERSION: '9.9.9',
  };
  return readWatchSettings(environment, service, '1.0.0');
}

beforeAll(async () => {
  [receiver, sentry] = await Promise.all([startOtlpReceiver(), startSentryReceiver()]);
  server = await startServer({
    operations: { ...plainOperations, ...settingsOf('outpost-server'), logFolder: folder },
  });
  await foundCompany(server, 'north', [{ id: 'ada', role: 'org_admin' }]);
}, 120_000);
afterAll(async () => {
  await server.remove();
  await Promise.all([receiver.stop(), sentry.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

describe('traces', () => {
  it('OBS-12 OBS-10 one trace goes from the desktop through the server to its transactions, with the correlation id of both logs', async () => {
    const { accessToken } = await signIn(server, 'ada');
    const settings = settingsOf('outpost-desktop').tracing;
    if (settings === null) throw new Error('traces go somewhere');
    const tracing = await openTracing(settings, { now: () => Date.now() });
    const lines: Record<string, unknown>[] = [];
    const exchange = watchExchange(createExchange(), {
      tracing,
      log: (_message, _error, facts) => lines.push(facts ?? {}),
      elapsedMs: () => 0,
    });
    const answer = await exchange(`${server.url}/api/v1/sessions/none-1`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${accessToken}` },
      signal: AbortSignal.timeout(10_000),
    });
    expect(answer.status).toBe(404);
    await tracing.close();
    const named = (service: string, name: string) =>
      receiver.spans.find((span) => span.service === service && span.name === name);
    const onServer = () => named('outpost-server', 'DELETE /api/v1/sessions/:id');
    await expect.poll(onServer, waiting).toBeDefined();
    const desktop = named('outpost-desktop', 'DELETE /api/v1/sessions/:id');
    const request = onServer();
    expect(request).toMatchObject({ traceId: desktop?.traceId, parentSpanId: desktop?.spanId, kind: 2 });
    const below = receiver.spans.filter((span) => span.parentSpanId === request?.spanId);
    expect(below.map(({ name }) => name)).toContain('transaction');
    expect(receiver.problems).toEqual([]);
    const [id] = lines.map(({ correlationId }) => String(correlationId));
    expect(request?.facts['outpost.correlation_id']).toBe(id);
    const logged = server
      .logText()
      .split('\n')
      .find((line) => line.includes(`"correlationId":"${id ?? ''}"`));
    expect(JSON.parse(logged ?? '{}')).toMatchObject({ traceId: desktop?.traceId, status: 404 });
    expect(receiver.headers.at(-1)?.['x-collector-key']).toBe('open sesame');
  });

  it('AUD-17 OBS-12 spans carry no address, body, token, name or e-mail address', async () => {
    await call(server, '/api/v1/auth/sign-in', {
      body: { email: emailOf('ada'), password: testPassword, deviceId: 'd', deviceName: 'Jane’s computer' },
      headers: { 'user-agent': 'Secret Agent' },
    });
    await call(server, '/somewhere/secret?name=Jane');
    const isThere = () =>
      receiver.spans.some(({ name }) => name === 'POST /api/v1/auth/sign-in') &&
      receiver.spans.some(({ name }) => name === 'GET (none)');
    await expect.poll(isThere, waiting).toBe(true);
    const text = receiver.bodies.join('\n');
    for (const secret of [emailOf('ada'), testPassword, 'Jane', 'Secret Agent', 'secret', '127.0.0.1'])
      expect(text).not.toContain(secret);
  });

  it('OBS-12 nothing is recorded where traces go nowhere', () => {
    const span = noTracing.start('anything');
    expect([span.traceparent, span.traceId]).toEqual([null, null]);
  });

  it('OBS-12 settings that cannot be used are named', () => {
    for (const environment of [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' },
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://me:secret@collector.example.com' },
      { OTEL_TRACES_SAMPLER_ARG: '2' },
      { SENTRY_DSN: 'sentry' },
    ])
      expect(() => readWatchSettings(environment, 's', '1')).toThrow(WatchSettingsError);
  });
});

describe('errors nobody expected', () => {
  async function fail(): Promise<void> {
    // A table that is gone is nobody's fault but the server's.
    await server.database.asOwner((session) => session.query('ALTER TABLE monitor_error RENAME TO gone'));
    const { accessToken } = await signIn(server, 'ada');
    await call(server, '/api/v1/monitoring/errors?hours=7', {
      token: accessToken,
      headers: { 'x-correlation-id': 'looked-for-id' },
    });
    await server.database.asOwner((session) => session.query('ALTER TABLE gone RENAME TO monitor_error'));
  }

  it('OBS-06 AUD-17 are told to Sentry with place, release and correlation id, and nothing else', async () => {
    await fail();
    await expect.poll(() => sentry.requests.length, waiting).toBeGreaterThan(0);
    const [request] = sentry.requests;
    expect(request?.path).toContain('/api/42/envelope/');
    const event = eventOf(request?.body ?? '');
    expect(event).toMatchObject({
      platform: 'node',
      release: 'outpost-server@9.9.9',
      environment: 'test',
      user: { id: 'ada' },
      tags: { correlationId: 'looked-for-id', route: '/api/v1/monitoring/errors', method: 'GET', tenantId: 'north' },
    });
    expect(Object.keys(event).toSorted()).toEqual([
      'breadcrumbs',
      'environment',
      'event_id',
      'exception',
      'level',
      'platform',
      'release',
      'tags',
      'timestamp',
      'user',
    ]);
    const text = JSON.stringify([request?.headers, request?.body]);
    for (const secret of [emailOf('ada'), 'monitor_error', 'Bearer', 'hours=7', process.cwd(), 'does not exist'])
      expect(text).not.toContain(secret);
  });

  it('OBS-06 stand in the local log when Sentry does not take them', async () => {
    sentry.status = 503;
    await fail();
    const lines = () => {
      try {
        return readFileSync(join(folder, 'errors.log'), 'utf8').trim().split('\n');
      } catch {
        return [];
      }
    };
    await expect.poll(() => lines().length, waiting).toBeGreaterThan(0);
    expect(JSON.parse(lines()[0] ?? '')).toMatchObject({ context: { correlationId: 'looked-for-id' }, level: 'error' });
  });
});
