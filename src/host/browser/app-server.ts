// Serves the app's custom schemes to Chromium: a loopback server that hands each request to the handler the app gave
// to protocol.handle and streams back its answer. Only requests for a registered scheme's host are answered.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { pipeline } from 'node:stream/promises';
import { toAppUrl, toBrowserUrl } from './origin.ts';

export type SchemeHandler = (request: Request) => Response | Promise<Response>;

/** By scheme, without the colon. */
export const schemeHandlers = new Map<string, SchemeHandler>();

function toRequest(incoming: IncomingMessage, url: string): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined && name !== 'host' && name !== 'connection')
      headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  const method = incoming.method ?? 'GET';
  if (method === 'GET' || method === 'HEAD') return new Request(url, { method, headers });
  return new Request(url, {
    method,
    headers,
    body: Readable.toWeb(incoming) as ReadableStream<Uint8Array>,
    duplex: 'half',
  } as RequestInit);
}

function toHeaders(response: Response): Record<string, string> {
  const headers = Object.fromEntries(response.headers);
  const policy = headers['content-security-policy'];
  if (policy !== undefined)
    headers['content-security-policy'] = policy.replace(/\b[a-z][a-z0-9+-]*:\/\/[^\s;,]+/gi, (source) =>
      toBrowserUrl(source).replace(/\/$/, ''),
    );
  const location = headers['location'];
  if (location !== undefined) headers['location'] = toBrowserUrl(location);
  return headers;
}

/** Chromium asks for an icon that no page mentions; an app that does not expect it may throw. */
async function askHandler(handler: SchemeHandler, request: Request): Promise<Response> {
  if (new URL(request.url).pathname !== '/favicon.ico') return handler(request);
  try {
    return await handler(request);
  } catch {
    return new Response(null, { status: 404 });
  }
}

async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const url = toAppUrl(`http://${incoming.headers.host ?? ''}${incoming.url ?? '/'}`);
  const handler = schemeHandlers.get(url.slice(0, url.indexOf(':')));
  if (handler === undefined || url.startsWith('http:')) {
    outgoing.writeHead(404).end();
    return;
  }
  const response = await askHandler(handler, toRequest(incoming, url));
  outgoing.writeHead(response.status, toHeaders(response));
  if (response.body === null) outgoing.end();
  else await pipeline(Readable.fromWeb(response.body as ReadableStream<Uint8Array>), outgoing);
}

/** @returns the loopback port. The server does not keep the process alive. */
export async function startAppServer(): Promise<number> {
  const server: Server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch((error: unknown) => {
      process.stderr.write(`[chromium-host] protocol handler failed for ${incoming.url ?? ''}: ${String(error)}\n`);
      if (outgoing.headersSent) outgoing.destroy();
      else outgoing.writeHead(500).end();
    });
  });
  server.unref();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}
