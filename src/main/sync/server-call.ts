// One request to an Outpost server and its answer. Every failure leaves as an OutpostError of the catalogue; every answer is checked
// against the wire's schema before anyone sees it, so that a wrong or hostile server cannot bring in what the wire does not know.
import { deflateRawSync } from 'node:zlib';
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Validator } from 'typebox/compile';
import { Value } from 'typebox/value';
import { OutpostError, errorCatalogue, type ErrorCode } from '#shared/kernel/errors.ts';
import { CHUNK_HASH_HEADER } from '#shared/sync/file-messages.ts';
import { ErrorResponseSchema } from '#shared/sync/messages.ts';
import { MOST_PACKED_BYTES, PACKED_TYPE, PACKING_DICTIONARY } from '#shared/sync/packed-body.ts';
import type { Exchange, ExchangeAnswer } from '#main/sync/exchange.ts';
import { MOST_LETTERS, readDetails } from '#main/sync/read-refusal.ts';

/** Before a request to this address: whoever can start the server there does. What it throws is the call's error. */
export type WakeServer = (serverUrl: string) => Promise<void>;

export interface Chunk {
  readonly bytes: Uint8Array;
  /** As whoever sent it says. */
  readonly sha256: string;
}

/** Largest answer that is read, as text; whatever is longer is no answer. A refusal says one sentence. */
export const MOST_BYTES = {
  refusal: 4 * 1024 * 1024,
  quick: 16 * 1024 * 1024,
  sync: 256 * 1024 * 1024,
  file: 512 * 1024 * 1024,
} as const;
const QUICK_LIMIT_MS = 10_000;
const packingDictionary = Buffer.from(PACKING_DICTIONARY);

export interface Call<Schema extends TSchema> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly schema: Schema;
  readonly body?: unknown;
  /** Sent as they are, in the place of a body. */
  readonly chunk?: Chunk;
  readonly accessToken?: string;
  readonly limitMs?: number;
  readonly mostBytes?: number;
  /** Small bodies go packed. */
  readonly isPacked?: boolean;
  readonly signal?: AbortSignal | undefined;
}

function unreachable(cause: unknown): OutpostError {
  return new OutpostError(
    'server_unreachable',
    'The server cannot be reached. Your work is saved on this computer and is sent later.',
    {},
    { cause },
  );
}

function notOutpost(cause?: unknown): OutpostError {
  return new OutpostError(
    'not_an_outpost_server',
    'There is no Outpost server at this address. Check the address.',
    {},
    { cause },
  );
}

/** From a server that is one: somebody signed in there. */
function wrongAnswer(cause?: unknown): OutpostError {
  return new OutpostError(
    'wrong_answer',
    'The server sent something this program does not understand. Nothing of it was taken over.',
    {},
    { cause },
  );
}

function toRefusal(status: number, text: string): OutpostError {
  try {
    const body: unknown = JSON.parse(text);
    if (Value.Check(ErrorResponseSchema, body)) {
      const { code, message, details } = body.error;
      const known: ErrorCode = Object.hasOwn(errorCatalogue, code) ? (code as ErrorCode) : 'internal';
      return new OutpostError(known, message.slice(0, MOST_LETTERS), { ...readDetails(details), status });
    }
  } catch {
    // Not JSON: a proxy or another kind of server answered; the status decides below.
  }
  if (status >= 500 || status === 429)
    return new OutpostError('server_busy', 'The server is busy. Outpost tries again by itself.', { status });
  return notOutpost();
}

/** Never more than a caller can hold, whatever a server sends. */
export async function readBytes(response: ExchangeAnswer, most: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of response.body ?? []) {
      length += part.length;
      if (length > most) break;
      parts.push(part);
    }
  } catch (error) {
    throw unreachable(error);
  }
  if (length > most) throw wrongAnswer();
  return Buffer.concat(parts);
}

async function readBody(response: ExchangeAnswer, most: number): Promise<string> {
  return (await readBytes(response, most)).toString('utf8');
}

/** A server that knows no packed requests is of another time; what was sent stays as it is. */
const UNKNOWN_TYPE = 415;

export function olderServer(): OutpostError {
  return new OutpostError(
    'too_old_protocol',
    'The server is older than this version of Outpost. Ask your administrator to update it.',
  );
}

interface Body {
  readonly type: string | null;
  readonly body: string | Uint8Array | null;
}

function toBody({ body, chunk, isPacked }: Call<TSchema>): Body {
  if (chunk !== undefined) return { type: 'application/octet-stream', body: chunk.bytes };
  if (body === undefined) return { type: null, body: null };
  const text = JSON.stringify(body);
  if (isPacked !== true || Buffer.byteLength(text) > MOST_PACKED_BYTES) return { type: 'application/json', body: text };
  return { type: PACKED_TYPE, body: deflateRawSync(text, { dictionary: packingDictionary, level: 9 }) };
}

const validators = new Map<TSchema, Validator>();

/** Compiled at first use: a page of thousands of records is checked many times faster than by walking the schema. */
function validatorOf(schema: TSchema): Validator {
  let validator = validators.get(schema);
  if (validator === undefined) validators.set(schema, (validator = Compile(schema)));
  return validator;
}

function isOf<Schema extends TSchema>(schema: Schema, answer: unknown): answer is Static<Schema> {
  return validatorOf(schema).Check(answer);
}

export interface ServerCall {
  /** The answer as it comes, when it is a good one. */
  readonly send: (request: Call<TSchema>) => Promise<ExchangeAnswer>;
  readonly call: <Schema extends TSchema>(request: Call<Schema>) => Promise<Static<Schema>>;
  readonly post: <Schema extends TSchema>(
    url: string,
    schema: Schema,
    body: unknown,
    rest?: Partial<Call<Schema>>,
  ) => Promise<Static<Schema>>;
}

export function createServerCall(exchange: Exchange, wake: WakeServer): ServerCall {
  async function send(request: Call<TSchema>): Promise<ExchangeAnswer> {
    const { type, body } = toBody(request);
    const headers: Record<string, string> = type === null ? {} : { 'content-type': type };
    if (request.chunk !== undefined) headers[CHUNK_HASH_HEADER] = request.chunk.sha256;
    if (request.accessToken !== undefined) headers['authorization'] = `Bearer ${request.accessToken}`;
    await wake(new URL(request.url).origin);
    const limit = AbortSignal.timeout(request.limitMs ?? QUICK_LIMIT_MS);
    const signal = request.signal === undefined ? limit : AbortSignal.any([limit, request.signal]);
    const sent = { method: request.method, headers, signal, ...(body === null ? {} : { body }) };
    let response: ExchangeAnswer;
    try {
      response = await exchange(request.url, sent);
    } catch (error) {
      throw unreachable(error);
    }
    // Somebody between here and the server wants to be asked first, as hotels do.
    if (response.status >= 300 && response.status < 400) throw unreachable(new Error('a redirect is not followed'));
    if (response.status === UNKNOWN_TYPE && type === PACKED_TYPE) throw olderServer();
    if (!response.ok) throw toRefusal(response.status, await readBody(response, MOST_BYTES.refusal));
    return response;
  }

  async function call<Schema extends TSchema>(request: Call<Schema>): Promise<Static<Schema>> {
    const text = await readBody(await send(request), request.mostBytes ?? MOST_BYTES.quick);
    const isKnownServer = request.accessToken !== undefined;
    let answer: unknown;
    try {
      answer = JSON.parse(text);
    } catch (error) {
      throw isKnownServer ? wrongAnswer(error) : notOutpost(error);
    }
    if (!isOf(request.schema, answer)) throw isKnownServer ? wrongAnswer() : notOutpost();
    return answer;
  }

  return { send, call, post: (url, schema, body, rest = {}) => call({ method: 'POST', url, schema, body, ...rest }) };
}
