// The one way out to addresses that people of an organization name: the name is resolved once, every address it stands for is
// judged, and the connection goes to one that was judged, so nothing changes in between (DNS rebinding). Redirects are not
// followed, answers are cut at a cap, and nobody waits for long.
import { lookup } from 'node:dns/promises';
import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { OutpostError } from '#shared/kernel/errors.ts';
import { isAllowed, isPublicAddress, plainHost, type AllowRule } from '#server/egress/address-rules.ts';

export const MOST_ANSWER_BYTES = 1024 * 1024;
const ANSWER_LIMIT_MS = 10_000;
/** Without the operator's leave only the ports these protocols have. */
const openPorts: readonly number[] = [443, 389, 636, 3268, 3269, 465, 587, 143, 993];

export interface CheckedHost {
  /** To be connected to. */
  readonly address: string;
  /** The operator named it. */
  readonly isAllowed: boolean;
}

/** What openid-client and we hand over; the rest of `fetch` is not needed. */
export interface EgressRequest {
  readonly method?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
  readonly signal?: AbortSignal | null | undefined;
  /** For what answers more slowly than others; default: ten seconds. */
  readonly limitMs?: number | undefined;
  /** So much of the answer is read, and the rest is nobody's business; default: an answer that is too large is refused. */
  readonly keepBytes?: number | undefined;
}

export interface Egress {
  /** @throws OutpostError `address_forbidden`; `provider_failed` when the name is not known. */
  check(host: string, port: number): Promise<CheckedHost>;
  /** `https`, and `http` only to what the operator allowed. @throws OutpostError as {@link Egress.check} */
  fetch(url: string, request?: EgressRequest): Promise<Response>;
}

export type Resolve = (host: string) => Promise<readonly string[]>;

const resolveWithSystem: Resolve = async (host) => (await lookup(host, { all: true })).map(({ address }) => address);

function forbidden(host: string): OutpostError {
  return new OutpostError(
    'address_forbidden',
    'The server may not connect to this address. Whoever operates the server can allow it.',
    { host },
  );
}

export function createEgress(rules: readonly AllowRule[], resolve: Resolve = resolveWithSystem): Egress {
  async function check(named: string, port: number): Promise<CheckedHost> {
    const host = plainHost(named);
    const addresses = isIP(host) === 0 ? await addressesOf(host) : [host];
    const judged = addresses.map((address) => ({ address, isAllowed: isAllowed(rules, host, address, port) }));
    // All of them: whoever answers with one good and one bad address must not choose.
    const isOpen = judged.every(
      (each) => each.isAllowed || (openPorts.includes(port) && isPublicAddress(each.address)),
    );
    const [first] = judged;
    if (first === undefined || !isOpen) throw forbidden(host);
    return first;
  }

  async function addressesOf(host: string): Promise<readonly string[]> {
    try {
      return await resolve(host);
    } catch (cause) {
      throw new OutpostError('provider_failed', 'There is no host of this name.', { failure: 'noHost' }, { cause });
    }
  }

  return {
    check,
    async fetch(text, request = {}) {
      const url = new URL(text);
      if ((url.protocol !== 'https:' && url.protocol !== 'http:') || url.username !== '' || url.password !== '')
        throw forbidden(url.host);
      const isPlain = url.protocol === 'http:';
      const port = url.port === '' ? (isPlain ? 80 : 443) : Number(url.port);
      const checked = await check(url.hostname, port);
      if (isPlain && !checked.isAllowed) throw forbidden(url.host);
      return exchange(url, checked.address, request);
    },
  };
}

function exchange(
  url: URL,
  address: string,
  { method, headers, body, signal, limitMs, keepBytes }: EgressRequest,
): Promise<Response> {
  // Whatever is asked for, in whichever of the two shapes: the one address that was judged.
  const toAddress: LookupFunction = (_host, options, done) => {
    const family = isIP(address);
    if (options.all === true) done(null, [{ address, family }]);
    else done(null, address, family);
  };
  return new Promise((settle, fail) => {
    const limit = AbortSignal.timeout(limitMs ?? ANSWER_LIMIT_MS);
    const options: https.RequestOptions = {
      method: method ?? 'GET',
      headers: { ...headers, ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }) },
      lookup: toAddress,
      // A connection of another request was judged for another name.
      agent: false,
      signal: signal === null || signal === undefined ? limit : AbortSignal.any([signal, limit]),
    };
    const sent = (url.protocol === 'http:' ? http : https).request(url, options, (answer) => {
      readAnswer(answer, keepBytes).then(settle, fail);
    });
    sent.once('error', fail);
    sent.end(body);
  });
}

async function readAnswer(answer: http.IncomingMessage, keepBytes: number | undefined): Promise<Response> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of answer as AsyncIterable<Buffer>) {
    size += part.length;
    if (keepBytes !== undefined && size >= keepBytes) {
      parts.push(part.subarray(0, part.length - (size - keepBytes)));
      answer.destroy();
      break;
    }
    if (size > MOST_ANSWER_BYTES) {
      answer.destroy();
      throw new OutpostError('provider_failed', 'The answer is too large.', { failure: 'tooLarge' });
    }
    parts.push(part);
  }
  const status = answer.statusCode ?? 502;
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers))
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  const hasBody = status !== 204 && status !== 205 && status !== 304;
  return new Response(hasBody ? Buffer.concat(parts) : null, { status, headers });
}
