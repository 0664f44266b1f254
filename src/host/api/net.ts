// net: fetch of custom schemes, files and http; ClientRequest as far as updaters use it; and an online state that a
// test may set (net.isOnline is a plain member here as in Electron, so it can be replaced, or use setOnline).
import { EventEmitter } from 'node:events';
import { createReadStream } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type Electron from 'electron';
import { schemeHandlers } from '../browser/app-server.ts';
import { createStrict, createUnavailableError } from '../unavailable.ts';

type RequestOptions = Electron.ClientRequestConstructorOptions & { readonly path?: string };
let isOnline = true;

function createHttpRequest(given: RequestOptions | string): http.ClientRequest {
  const options = typeof given === 'string' ? { url: given } : given;
  const { protocol = 'https:', hostname, host, port, path = '/' } = options;
  const authority = host ?? (port === undefined ? hostname : `${hostname}:${port}`);
  const url = new URL(options.url ?? `${protocol}//${authority}${path}`);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw createUnavailableError(`net.request for ${url.protocol}`);
  const headers = options.headers as http.OutgoingHttpHeaders | undefined;
  return (url.protocol === 'https:' ? https : http).request(url, {
    method: options.method ?? 'GET',
    ...(headers === undefined ? {} : { headers }),
  });
}

/** Electron's ClientRequest over Node's: redirects are reported, and followed only when asked. */
export class ClientRequest extends EventEmitter {
  private readonly request: http.ClientRequest;
  private readonly redirectMode: string;
  private follow: (() => void) | undefined;
  private follower: ClientRequest | undefined;

  constructor(options: RequestOptions | string) {
    super();
    this.redirectMode = (typeof options === 'string' ? undefined : options.redirect) ?? 'follow';
    this.request = createHttpRequest(options);
    for (const event of ['finish', 'close', 'abort']) this.request.on(event, () => this.emit(event));
    this.request.on('error', (error) => this.emit('error', error));
    this.request.on('response', (response) => this.take(options, response));
    return createStrict('net.ClientRequest', this);
  }

  private take(options: RequestOptions | string, response: http.IncomingMessage): void {
    const { statusCode = 0 } = response;
    const { location } = response.headers;
    if (statusCode < 300 || statusCode > 399 || location === undefined) {
      this.emit('response', response);
      return;
    }
    response.resume();
    const url = new URL(
      location,
      `${this.request.protocol}//${this.request.getHeader('host') as string}${this.request.path}`,
    ).href;
    if (this.redirectMode === 'error') {
      this.emit('error', new Error('Attempted to redirect, but redirect policy was "error"'));
      return;
    }
    let isFollowing = this.redirectMode === 'follow';
    this.follow = () => {
      isFollowing = true;
    };
    const headers = Object.fromEntries(Object.entries(response.headersDistinct));
    this.emit('redirect', statusCode, this.request.method, url, headers);
    if (!isFollowing) return;
    const base = typeof options === 'string' ? {} : { headers: options.headers, redirect: options.redirect };
    this.follower = new ClientRequest({ ...base, url } as RequestOptions);
    for (const event of ['response', 'error', 'redirect', 'close'])
      this.follower.on(event, (...args: unknown[]) => this.emit(event, ...args));
    this.follower.end();
  }

  setHeader(name: string, value: string): void {
    this.request.setHeader(name, value);
  }
  getHeader(name: string): string {
    return String(this.request.getHeader(name) ?? '');
  }
  removeHeader(name: string): void {
    this.request.removeHeader(name);
  }
  write(chunk: string | Buffer): void {
    this.request.write(chunk);
  }
  end(chunk?: string | Buffer): this {
    this.request.end(chunk);
    return this;
  }
  abort(): void {
    this.request.destroy();
    this.follower?.abort();
  }
  followRedirect(): void {
    if (this.follow === undefined) throw new Error('followRedirect() called, but was not waiting for a redirect');
    this.follow();
  }
}

const mediaTypes: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/x-icon',
  woff2: 'font/woff2',
  wasm: 'application/wasm',
};

/** As in Electron: a missing file rejects with net::ERR_FILE_NOT_FOUND. */
async function fetchFile(url: string): Promise<Response> {
  const file = fileURLToPath(url);
  const stream = createReadStream(file);
  await new Promise<void>((resolve, reject) => {
    stream.once('open', () => resolve());
    stream.once('error', () => reject(new Error('net::ERR_FILE_NOT_FOUND')));
  });
  const type = mediaTypes[/\.([^.]+)$/.exec(file)?.[1]?.toLowerCase() ?? ''] ?? 'application/octet-stream';
  return new Response(Readable.toWeb(stream) as unknown as BodyInit, { headers: { 'content-type': type } });
}

async function fetchAny(input: string | Request, init?: RequestInit): Promise<Response> {
  const url = typeof input === 'string' ? input : input.url;
  if (url.startsWith('file:')) return fetchFile(url.replace(/[?#].*$/, ''));
  const handler = schemeHandlers.get(url.slice(0, url.indexOf(':')));
  return handler === undefined ? fetch(input, init) : handler(new Request(input, init));
}

export const net = createStrict('net', {
  fetch: fetchAny,
  request: (options: RequestOptions | string) => new ClientRequest(options),
  isOnline: () => isOnline,
  get online() {
    return isOnline;
  },
  /** Host only: what isOnline says from now on. */
  setOnline(next: boolean) {
    isOnline = next;
  },
});
