// A receiver of webhooks as its documentation says one has to be: it checks signature and time, and answers as it is told to.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HeardCall {
  readonly event: string;
  readonly delivery: string;
  readonly attempt: number;
  readonly signature: string;
  readonly text: string;
  readonly body: { readonly event: string; readonly record: Readonly<Record<string, unknown>> | null } & Readonly<
    Record<string, unknown>
  >;
}

/** What it does with the next calls. `endless`: an answer that never ends; `silent`: none at all; `large`: 100 MB. */
export type Behaviour =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly text?: string }
  | 'endless'
  | 'silent'
  | 'large';

export interface WebhookReceiver {
  readonly url: string;
  readonly heard: HeardCall[];
  /** Bytes of the large answer that were taken. */
  readonly taken: () => number;
  behave(next: Behaviour): void;
  /** Ends every call that still waits for an answer. */
  hangUp(): void;
  stop(): Promise<void>;
}

/** How far the clocks of both sides may be apart. */
const TOLERANCE_SECONDS = 300;

/** True for a call that was signed with this secret, now. */
export function isGenuine(secret: string, header: string, text: string, nowMs: number): boolean {
  const parts = header.split(',').map((part) => part.split('='));
  const time = parts.find(([name]) => name === 't')?.[1] ?? '';
  if (Math.abs(nowMs / 1000 - Number(time)) > TOLERANCE_SECONDS) return false;
  const wanted = createHmac('sha256', secret).update(`${time}.${text}`).digest();
  return parts.some(([name, hex = '']) => {
    const given = Buffer.from(hex, 'hex');
    return name === 'v1' && given.length === wanted.length && timingSafeEqual(given, wanted);
  });
}

export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const heard: HeardCall[] = [];
  let behaviour: Behaviour = { status: 200 };
  let taken = 0;
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const text = Buffer.concat(parts).toString('utf8');
      const header = (name: string): string => String(request.headers[name] ?? '');
      heard.push({
        event: header('outpost-event'),
        delivery: header('outpost-delivery'),
        attempt: Number(header('outpost-attempt')),
        signature: header('outpost-signature'),
        text,
        body: JSON.parse(text) as HeardCall['body'],
      });
      if (behaviour === 'silent') return;
      if (behaviour === 'endless') {
        response.writeHead(200).write('x');
        const timer = setInterval(() => response.write('x'), 100);
        response.on('close', () => clearInterval(timer));
        return;
      }
      if (behaviour === 'large') {
        response.writeHead(200, { 'content-length': String(100 * 1024 * 1024) });
        const chunk = Buffer.alloc(64 * 1024, 'y');
        const go = (): void => {
          while (!response.destroyed && taken < 100 * 1024 * 1024) {
            taken += chunk.length;
            if (!response.write(chunk)) {
              response.once('drain', go);
              return;
            }
          }
          response.end();
        };
        go();
        return;
      }
      response.writeHead(behaviour.status, behaviour.headers).end(behaviour.text ?? 'thank you');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}/hook`,
    heard,
    taken: () => taken,
    behave(next) {
      behaviour = next;
    },
    hangUp: () => server.closeAllConnections(),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
