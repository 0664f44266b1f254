import { randomBytes } from 'node:crypto';
import { deflateRawSync, gunzipSync } from 'node:zlib';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BODY_LIMIT_BYTES } from '#server/http/errors.ts';
import { isDeeperThan } from '#server/http/read-json.ts';
import { MOST_PACKED_BYTES, PACKED_TYPE, PACKING_DICTIONARY } from '#shared/sync/packed-body.ts';
import {
  call,
  codeOf,
  emailOf,
  foundCompany,
  signIn,
  startServer,
  testPassword,
  type TestServer,
  createOrganizationWith,
} from '#test/support/start-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ isDemo: true });
  await foundCompany(server, 'north', [
    { id: 'ada', role: 'org_admin' },
    { id: 'rene', role: 'sales_rep' },
  ]);
}, 60_000);
afterAll(() => server.remove());

/** Routes as the router knows them, not as the description tells. */
function listRoutes(): readonly { readonly method: string; readonly path: string }[] {
  const routes: { method: string; path: string }[] = [];
  const segments: string[] = [];
  for (const line of server.app.printRoutes({ commonPrefix: false, includeHooks: false }).split('\n')) {
    const match = /^([│ ]*)[├└]── (\S+)(?: \(([A-Z, ]+)\))?/.exec(line);
    if (!match) continue;
    const depth = (match[1] ?? '').length / 4;
    segments.splice(depth, segments.length, match[2] ?? '');
    for (const method of match[3]?.split(', ') ?? []) routes.push({ method, path: segments.join('') });
  }
  return routes;
}

const publicPaths = [
  // What a browser shows at the address of the server.
  '/',
  // Links in mails: signed, for whoever has the mail.
  '/m/o/:token',
  '/m/c/:token',
  '/m/u/:token',
  // What providers tell: signed, and verified with their key.
  '/m/p/:token',
  '/api/health',
  '/api/health/liveness',
  '/api/health/readiness',
  '/api/openapi.json',
  '/api/v1/auth/sign-in',
  '/api/v1/auth/refresh',
  '/api/v1/auth/accept-invitation',
  '/api/v1/auth/accept-invitation/check',
  '/api/v1/auth/challenge',
  '/api/v1/auth/reset',
  '/api/v1/auth/reset/check',
  '/api/v1/auth/reset/complete',
  '/api/v1/auth/challenge/totp',
  '/api/v1/auth/challenge/passkey',
  '/api/v1/auth/passkey',
  '/api/v1/auth/passkey/options',
  '/api/v1/auth/passkey/finish',
  '/api/v1/auth/directory',
  '/api/v1/auth/sso',
  '/api/v1/auth/sso/finish',
  '/api/v1/auth/ways',
  '/api/v1/auth/wiped',
  '/api/v1/demo',
  '/sso/leave',
  '/sso/oidc/reply',
  '/sso/saml',
  '/sso/saml/reply',
  '/join',
  '/pages/choose-password.js',
  '/pages/passkey.js',
  '/passkey',
  '/reset',
  '/pages/page.css',
];

describe('every route', () => {
  it('IDT-24 needs a session unless it is one of the few named here', async () => {
    const routes = listRoutes().filter(({ path }) => !path.startsWith('/docs') && !publicPaths.includes(path));
    expect(routes.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['/api/v1/sessions', '/api/v1/sessions/:id', '/sync/v1/live']),
    );
    const open: unknown[] = [];
    for (const { method, path } of routes) {
      const answer = await call(server, path.replace(':id', 'x'), {
        method,
        ...(method === 'POST' ? { body: {} } : {}),
      });
      const isClosed = answer.status === 401 && (method === 'HEAD' || codeOf(answer) === 'session_expired');
      if (!isClosed) open.push([method, path, answer.status]);
    }
    expect(open).toEqual([]);
  });

  it('UI-14 a browser at the address of the server reads what it is, in its language, and where to type the address', async () => {
    const answer = await fetch(server.url, { headers: { 'accept-language': 'de' } });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const text = await answer.text();
    expect(text).toContain('Dies ist ein Outpost-Server');
    expect(text).toContain(`<code>${server.url}</code>`);
    expect(await (await fetch(server.url)).text()).toContain('This is an Outpost server');
  });

  it('API-18 stands in the description with summary, tags and answers', async () => {
    const description = (await call(server, '/api/openapi.json')).body as {
      readonly paths: Record<
        string,
        Record<string, { readonly summary?: string; readonly tags?: readonly string[]; readonly responses?: object }>
      >;
    };
    const undescribed = listRoutes().filter(({ method, path }) => {
      // Pages for a browser are no part of the interface.
      if (!/^\/(api|sync)\//.test(path) || method === 'HEAD') return false;
      const operation = description.paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
      const { summary, tags, responses } = operation ?? {};
      return typeof summary !== 'string' || tags?.length !== 1 || typeof responses !== 'object';
    });
    expect(undescribed).toEqual([]);
  });

  it('API-18 shows its documentation without loading anything from elsewhere', async () => {
    const page = await call(server, '/docs/');
    expect(page.status).toBe(200);
    const sources = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source ?? '');
    expect(sources.length).toBeGreaterThan(2);
    expect(sources.filter((source) => /^(https?:)?\/\//.test(source))).toEqual([]);
    for (const source of sources) {
      expect([source, (await fetch(new URL(source, `${server.url}/docs/`))).status]).toEqual([source, 200]);
    }
  });
});

describe('answers', () => {
  it('OBS-01 OBS-03 tells that it is healthy, alive and ready', async () => {
    expect((await call(server, '/api/health')).body).toMatchObject({
      status: 'ok',
      product: 'outpost',
      protocol: 1,
      demo: true,
    });
    expect((await call(server, '/api/health/liveness')).status).toBe(200);
    expect((await call(server, '/api/health/readiness')).status).toBe(200);
  });

  it('OBS-02 tells administrators about load, memory, disk and services, and nobody else', async () => {
    const admin = await call(server, '/api/health/detailed', { token: (await signIn(server, 'ada')).accessToken });
    const number = expect.any(Number) as number;
    const status = expect.stringMatching(/^(healthy|warning|unhealthy)$/) as string;
    expect(admin.body).toEqual({
      status,
      timestamp: expect.any(String) as string,
      service: 'outpost-server',
      system: {
        cpu_percent: number,
        memory: { total_gb: number, available_gb: number, used_percent: number, status },
        disk: { total_gb: number, free_gb: number, used_percent: number, status },
      },
      services: {
        database: { status: 'healthy' },
        redis: { status: 'not_configured' },
        email: { status: 'not_configured' },
      },
    });
    const rep = await call(server, '/api/health/detailed', { token: (await signIn(server, 'rene')).accessToken });
    expect([rep.status, codeOf(rep)]).toEqual([403, 'action_forbidden']);
  });

  it('OBS-10 carries a correlation id: the sane one of the caller, a new one otherwise', async () => {
    const wished = await call(server, '/nothing/here', { headers: { 'x-correlation-id': 'screen-42.pull_7' } });
    expect(wished.status).toBe(404);
    expect(wished.headers.get('x-correlation-id')).toBe('screen-42.pull_7');
    expect(wished.body).toMatchObject({ error: { code: 'not_found', correlationId: 'screen-42.pull_7' } });
    expect(server.logText()).toContain('"correlationId":"screen-42.pull_7"');
    for (const insane of ['short', 'a'.repeat(65), 'with blank in it', '"quoted-quoted"']) {
      const answer = await call(server, '/api/health', { headers: { 'x-correlation-id': insane } });
      expect(answer.headers.get('x-correlation-id')).toMatch(/^[\w-]{12}$/);
    }
  });

  it('OBS-10 logs method, route pattern, status, time and who, one line per request', async () => {
    const { accessToken } = await signIn(server, 'ada', 'logged-device');
    await call(server, '/api/v1/sessions/some-secret-id', {
      method: 'DELETE',
      token: accessToken,
      headers: { 'x-correlation-id': 'logged-request' },
    });
    const lines = server
      .logText()
      .split('\n')
      .filter((line) => line.includes('logged-request'));
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      method: 'DELETE',
      route: '/api/v1/sessions/:id',
      status: 404,
      userId: 'ada',
      deviceId: 'logged-device',
      ms: expect.any(Number) as number,
    });
  });

  it('C4 forbids browsers to guess types, frame, cache or send anything along', async () => {
    const { headers } = await call(server, '/api/health');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('access-control-allow-origin')).toBeNull();
    const { accessToken } = await signIn(server, 'ada');
    const refused = await call(server, '/sync/v1/where', { token: 'nobody' });
    expect(refused.headers.get('content-security-policy')).toContain("default-src 'none'");
    // A browser never sends a token by itself: this is read by programs only.
    const known = await call(server, '/sync/v1/where', { token: accessToken });
    expect([known.status, known.headers.get('content-security-policy')]).toEqual([200, null]);
    expect(known.headers.get('x-content-type-options')).toBe('nosniff');
    expect(known.headers.get('cache-control')).toBe('no-store');
  });
});

describe('bodies', () => {
  const send = (body: string, headers: Record<string, string> = {}) =>
    call(server, '/api/v1/auth/sign-in', { body, headers });
  const valid = { email: emailOf('ada'), password: testPassword, deviceId: 'd', deviceName: 'd' };

  it('B5 refuses malformed JSON of every kind with 400 and a code', async () => {
    const bodies = [
      '',
      '{',
      'null',
      '[]',
      '"text"',
      '\ufeff{}',
      '{"a":1}}',
      'NaN',
      '{"__proto__":{"x":1}}',
      '{"constructor":{"prototype":{}}}',
    ];
    for (const body of bodies) {
      const answer = await send(body);
      expect([body, answer.status, codeOf(answer)]).toEqual([body, 400, 'invalid']);
    }
  });

  it('B5 refuses a body that is too large before reading it all', async () => {
    const answer = await send(JSON.stringify({ ...valid, password: 'x'.repeat(BODY_LIMIT_BYTES) }));
    expect([answer.status, codeOf(answer)]).toEqual([413, 'too_large']);
  });

  it('B5 refuses deep nesting without exhausting the stack', async () => {
    expect(codeOf(await send(`${'['.repeat(30_000)}${']'.repeat(30_000)}`))).toBe('invalid');
    expect(isDeeperThan('{"a":"[[[[[[", "b":[1]}', 2)).toBe(false);
    expect(isDeeperThan('{"a":"\\"[", "b":[[1]]}', 2)).toBe(true);
  });

  it('B5 takes JSON only, not compressed', async () => {
    expect((await send(JSON.stringify(valid), { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await send('a=b', { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(415);
    expect((await send(JSON.stringify(valid), { 'content-encoding': 'gzip' })).status).toBe(415);
  });

  it('B5 takes a small packed body, and nothing else that calls itself so', async () => {
    const sendPacked = async (bytes: Uint8Array<ArrayBuffer>) => {
      const url = `${server.url}/api/v1/auth/sign-in`;
      const answer = await fetch(url, { method: 'POST', body: bytes, headers: { 'content-type': PACKED_TYPE } });
      const body = (await answer.json()) as { readonly error?: { readonly code: string } };
      return `${String(answer.status)} ${body.error?.code ?? ''}`;
    };
    const dictionary = Buffer.from(PACKING_DICTIONARY);
    const pack = (text: string) => deflateRawSync(text, { dictionary });
    expect(await sendPacked(pack(JSON.stringify({ ...valid, password: 'wrong' })))).toBe('401 wrong_credentials');
    expect(await sendPacked(pack(JSON.stringify({ ...valid, password: 'x'.repeat(1_000_000) })))).toBe('413 too_large');
    expect(await sendPacked(pack(JSON.stringify({ ...valid, password: 'x'.repeat(MOST_PACKED_BYTES) })))).toBe(
      '413 too_large',
    );
    expect(await sendPacked(pack(`${'['.repeat(3000)}${']'.repeat(3000)}`))).toBe('400 invalid');
    expect(await sendPacked(pack('{"__proto__":{"x":1}}'))).toBe('400 invalid');
    expect(await sendPacked(deflateRawSync(JSON.stringify(valid)).subarray(0, 20))).toBe('400 invalid');
    expect(await sendPacked(pack(pack(JSON.stringify(valid)).toString('latin1')))).toBe('400 invalid');
    expect(await sendPacked(new TextEncoder().encode(JSON.stringify(valid)))).toBe('400 invalid');
    expect(await sendPacked(new Uint8Array(0))).toBe('400 invalid');
    expect(await sendPacked(randomBytes(500))).toBe('400 invalid');
  });

  it('B6 refuses text that no database keeps, wherever it stands, and takes it for nothing else', async () => {
    for (const text of ['a\0b', 'a\ud800', '\udc00b']) {
      const asValue = await send(JSON.stringify({ ...valid, deviceName: text }));
      expect([asValue.status, codeOf(asValue)]).toEqual([400, 'invalid']);
      const asName = await send(JSON.stringify({ ...valid, [text]: 1 }));
      expect([asName.status, codeOf(asName)]).toEqual([400, 'invalid']);
    }
    const harmless = await send(
      JSON.stringify({ ...valid, email: 'nobody@example.com', password: '\\u0000 \u{1F4A3}' }),
    );
    expect([harmless.status, codeOf(harmless)]).toEqual([401, 'wrong_credentials']);
  });

  it('B5 names the place that is wrong, not the value that stood there', async () => {
    const answer = await send(JSON.stringify({ ...valid, deviceId: 7, password: { secret: 'hunter-2-canary' } }));
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('/deviceId');
    expect(answer.text).not.toContain('hunter-2-canary');
  });

  it('B5 answers a request that is not HTTP with a plain 400 and closes', async () => {
    const { port, hostname } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    socket.end('this is not http\r\n\r\n');
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1\.1 400/);
  });

  it('HTTP-01 does not compress for callers on the same computer', async () => {
    const answer = await call(server, '/docs/static/swagger-ui-bundle.js', { headers: { 'accept-encoding': 'gzip' } });
    expect(answer.headers.get('content-encoding')).toBeNull();
    const far = await server.app.inject({
      url: '/docs/static/swagger-ui-bundle.js',
      headers: { 'accept-encoding': 'gzip' },
      remoteAddress: '192.0.2.7',
    });
    expect(far.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(far.rawPayload).toString()).toBe(answer.text);
  });
});

describe('logs', () => {
  it('OBS-10 never carry a password, a token, an e-mail address or a header', async () => {
    const password = 'canary-password-7313';
    const failed = await call(server, '/api/v1/auth/sign-in', {
      body: { email: 'canary-name@example.test', password, deviceId: 'd', deviceName: 'canary-device-name' },
      headers: { cookie: 'canary-cookie', 'x-api-key': 'canary-key' },
    });
    expect(failed.status).toBe(401);
    const grant = await signIn(server, 'ada');
    await call(server, '/api/v1/auth/refresh?canary-query=1', {
      body: { refreshToken: grant.refreshToken, deviceId: 'device-of-ada' },
    });
    await call(server, '/api/v1/sessions', { token: `${grant.accessToken}canary` });
    await call(server, '/canary-path');
    const log = server.logText();
    expect(log.length).toBeGreaterThan(500);
    for (const secret of ['canary', testPassword, grant.accessToken, grant.refreshToken, emailOf('ada')]) {
      expect([secret, log.includes(secret)]).toEqual([secret, false]);
    }
  });
});

describe('stopping', () => {
  it('B11 stops in time although a caller never finishes its request', async () => {
    const other = await startServer();
    const { port, hostname } = new URL(other.url);
    const socket = connect(Number(port), hostname);
    socket.write(
      'POST /api/v1/auth/sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
    );
    const ended = new Promise((resolve) => socket.once('close', resolve));
    await call(other, '/api/health');
    const startMs = performance.now();
    await other.close();
    await ended;
    expect(performance.now() - startMs).toBeLessThan(15_000);
    await other.remove();
  });

  it('B11 stops in time although a live connection never hangs up', async () => {
    const other = await startServer();
    await createOrganizationWith(other, 'north', [{ id: 'ada', role: 'org_admin' }]);
    const { accessToken } = await signIn(other, 'ada');
    const { port, hostname } = new URL(other.url);
    // It reads nothing and answers nothing, also not the word of the server that it is going away.
    const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
    socket.write(
      `GET /sync/v1/live HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${accessToken}\r\nConnection: Upgrade\r\n` +
        'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    const head = await new Promise<string>((resolve) =>
      socket.once('data', (data) => resolve(data.toString('latin1'))),
    );
    expect(head).toContain('101 Switching Protocols');
    socket.on('error', () => {});
    const startMs = performance.now();
    await other.close();
    expect(performance.now() - startMs).toBeLessThan(15_000);
    socket.destroy();
    await other.remove();
  });
});
