// The desktop's requests on a real socket, against servers of all kinds.
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { gzipSync, inflateRawSync } from 'node:zlib';
import { afterEach, expect, it } from 'vitest';
import { createExchange } from '#main/sync/exchange.ts';
import { createServerClient } from '#main/sync/server-client.ts';
import { MOST_PACKED_BYTES, PACKED_TYPE, PACKING_DICTIONARY } from '#shared/sync/packed-body.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
});

async function listen(answer: RequestListener): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer(answer);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, server };
}

const calm = (): AbortSignal => AbortSignal.timeout(30_000);

async function textOf(body: AsyncIterable<Uint8Array> | null): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of body ?? []) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

const page = { items: [], token: 'next', epoch: 1, caughtUp: true, serverTime: '2026-11-21T09:00:00.000Z' };

it('HTTP-02 sends the headers that mean something and no others, and small requests packed', async () => {
  const seen: { readonly names: string[]; readonly type: string; readonly body: Buffer }[] = [];
  const { url } = await listen((request, response) => {
    void bytesOf(request).then((body) => {
      const names = request.rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
      seen.push({ names: names.sort(), type: request.headers['content-type'] ?? '', body });
      response.end(JSON.stringify(page));
    });
  });
  const client = createServerClient(createExchange());
  const small = { protocol: 1, token: 'here' };
  const large = { protocol: 1, token: 'x'.repeat(MOST_PACKED_BYTES) };
  await client.pull(url, 'secret', small);
  await client.pull(url, 'secret', large);
  const names = ['accept-encoding', 'authorization', 'content-length', 'content-type', 'host'];
  expect(seen.map((request) => request.names)).toEqual([names, names]);
  expect(seen.map(({ type }) => type)).toEqual([PACKED_TYPE, 'application/json']);
  const dictionary = Buffer.from(PACKING_DICTIONARY);
  expect(JSON.parse(inflateRawSync(seen[0]?.body ?? '', { dictionary }).toString())).toEqual(small);
  expect(JSON.parse(seen[1]?.body.toString() ?? '')).toEqual(large);
});

it('HTTP-02 the dictionary stays what it is under its name', () => {
  const hash = createHash('sha256').update(PACKING_DICTIONARY).digest('hex').slice(0, 16);
  expect([PACKED_TYPE, hash]).toEqual(['application/x-outpost-1', '2a1ce81ca2c97a3e']);
});

it('HTTP-02 a server that knows no packed requests is told as too old, and nothing is put aside for it', async () => {
  const { url } = await listen((_request, response) => {
    response.statusCode = 415;
    const error = { code: 'invalid', message: 'Send application/json.', details: {}, correlationId: 'c-1' };
    response.end(JSON.stringify({ error }));
  });
  const client = createServerClient(createExchange());
  await expect(client.push(url, 'token', { protocol: 1, epoch: 1, ops: [] })).rejects.toMatchObject({
    code: 'too_old_protocol',
    reaction: 'upgrade',
  });
});

it('HTTP-01 reads compressed answers, and tells an answer that breaks off', async () => {
  const text = JSON.stringify({ text: 'again '.repeat(20_000) });
  const { url } = await listen((request, response) => {
    response.setHeader('content-encoding', 'gzip');
    const packed = gzipSync(text);
    if (request.url === '/whole') response.end(packed);
    else response.write(packed.subarray(0, packed.length / 2), () => response.destroy());
  });
  const exchange = createExchange();
  const whole = await exchange(`${url}/whole`, { method: 'GET', headers: {}, signal: calm() });
  expect([whole.ok, whole.status, await textOf(whole.body)]).toEqual([true, 200, text]);
  const half = await exchange(`${url}/half`, { method: 'GET', headers: {}, signal: calm() });
  await expect(textOf(half.body)).rejects.toThrow();
});

it('B6 follows no redirect: a token goes to the server it is for and nowhere else', async () => {
  let wasReached = false;
  const { url: elsewhere } = await listen((_request, response) => {
    wasReached = true;
    response.end(JSON.stringify(page));
  });
  const { url } = await listen((_request, response) => response.writeHead(307, { location: elsewhere }).end());
  const client = createServerClient(createExchange());
  await expect(client.pull(url, 'secret', { protocol: 1, token: null })).rejects.toMatchObject({
    code: 'server_unreachable',
  });
  expect(wasReached).toBe(false);
});

it('OFF-01 replaces a connection that the server closed just when it was used again, once', async () => {
  let requests = 0;
  const { url } = await listen((request, response) => {
    requests += 1;
    // Every second request of a connection finds it closed.
    if (request.url === '/ends') request.socket.resetAndDestroy();
    else response.end(String(requests));
  });
  const exchange = createExchange();
  const get = (path: string) => exchange(`${url}${path}`, { method: 'GET', headers: {}, signal: calm() });
  expect(await textOf((await get('/')).body)).toBe('1');
  await expect(get('/ends')).rejects.toThrow();
  // Tried on the open connection, and on a new one.
  expect(requests).toBe(3);
  expect(await textOf((await get('/')).body)).toBe('4');
});

it('OFF-01 gives up when told so, before and during the answer', async () => {
  const { url } = await listen((request, response) => {
    if (request.url === '/begins') response.write('{');
  });
  const exchange = createExchange();
  const first = new AbortController();
  const waiting = exchange(`${url}/silent`, { method: 'GET', headers: {}, signal: first.signal });
  first.abort();
  await expect(waiting).rejects.toThrow();
  const second = new AbortController();
  const { body } = await exchange(`${url}/begins`, { method: 'GET', headers: {}, signal: second.signal });
  const reading = textOf(body);
  second.abort();
  await expect(reading).rejects.toThrow();
});
