// What Sentry would be: takes envelopes, keeps them as text, and answers what it is told to.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SentryReceiver {
  readonly dsn: string;
  /** Whole requests: path, headers and body. */
  readonly requests: {
    readonly path: string;
    readonly headers: Readonly<Record<string, unknown>>;
    readonly body: string;
  }[];
  status: number;
  stop(): Promise<void>;
}

/** The event of an envelope: its header, the header of its item, and the item, a line each. */
export function eventOf(body: string): Readonly<Record<string, unknown>> {
  const [, item = '{}', event = '{}'] = body.split('\n');
  if ((JSON.parse(item) as { readonly type?: string }).type !== 'event')
    throw new Error('An envelope without an event.');
  return JSON.parse(event) as Record<string, unknown>;
}

export async function startSentryReceiver(): Promise<SentryReceiver> {
  const requests: SentryReceiver['requests'] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      requests.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(parts).toString('utf8') });
      response.writeHead(receiver.status).end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const receiver: SentryReceiver = {
    dsn: `http://publickey@127.0.0.1:${String((server.address() as AddressInfo).port)}/42`,
    requests,
    status: 200,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return receiver;
}
