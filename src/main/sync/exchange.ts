// One request and its answer over HTTP, with the headers that mean something and no others: they are most of what a small
// request weighs. Nothing is followed anywhere else (a redirect is an answer like any other), and nothing is kept but open
// connections. A connection that the server closed in the moment it was used again is replaced once.
import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

export interface ExchangeRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal: AbortSignal;
}

export interface ExchangeAnswer {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  /** Unpacked; throws while it is read when the line breaks. */
  readonly body: AsyncIterable<Uint8Array> | null;
}

/** Rejects when there is no answer. */
export type Exchange = (url: string, request: ExchangeRequest) => Promise<ExchangeAnswer>;

function bodyOf(message: IncomingMessage): AsyncIterable<Uint8Array> {
  if (message.headers['content-encoding'] !== 'gzip') return message;
  // What goes wrong with the line is told to whoever reads.
  return pipeline(message, createGunzip(), () => undefined);
}

function toAnswer(message: IncomingMessage): ExchangeAnswer {
  const status = message.statusCode ?? 0;
  return {
    ok: status >= 200 && status < 300,
    status,
    headers: {
      get(name) {
        const value = message.headers[name];
        return value === undefined ? null : String(value);
      },
    },
    body: bodyOf(message),
  };
}

function isStale(sent: ClientRequest, error: Error): boolean {
  return sent.reusedSocket && 'code' in error && error.code === 'ECONNRESET';
}

export function createExchange(): Exchange {
  const agents = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };

  function start(url: URL, { method, headers, body, signal }: ExchangeRequest): ClientRequest {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const options = { method, headers: { ...headers, 'accept-encoding': 'gzip', ...length }, signal };
    const sent =
      url.protocol === 'https:'
        ? httpsRequest(url, { ...options, agent: agents.https })
        : httpRequest(url, { ...options, agent: agents.http });
    // Connections stay open unless one side says otherwise.
    sent.removeHeader('connection');
    sent.end(body);
    return sent;
  }

  function send(url: URL, request: ExchangeRequest, mayBeStale: boolean): Promise<ExchangeAnswer> {
    return new Promise((resolve, reject) => {
      const sent = start(url, request);
      sent.once('response', (message) => resolve(toAnswer(message)));
      sent.on('error', (error) => {
        if (mayBeStale && isStale(sent, error)) resolve(send(url, request, false));
        else reject(error);
      });
    });
  }

  return (url, request) => send(new URL(url), request, true);
}
