// The only body the server reads is JSON, as it is or in the packing of small requests, of which no more than a small request
// comes out (so no body grows after its size was checked), nested at most MAX_DEPTH deep (so no later walk over it can exhaust the stack), without keys that touch a prototype and without text
// that the database cannot keep (so that no route has to think of it).
import type { FastifyRequest } from 'fastify';
import { inflateRawSync } from 'node:zlib';
import { OutpostError } from '#shared/kernel/errors.ts';
import { hasOnlyStorableText } from '#shared/kernel/storable-text.ts';
import { MOST_PACKED_BYTES, PACKED_TYPE, PACKING_DICTIONARY } from '#shared/sync/packed-body.ts';
import type { HttpServer } from '#server/http/http-server.ts';

const MAX_DEPTH = 32;
/** How such text is written in JSON; it can also be an escaped backslash before digits, so the value decides. */
const MAY_BE_UNSTORABLE = /\\u(?:0000|d[89a-f])/i;

/** Deepest nesting of brackets outside of strings, counted up to `limit` + 1. Works on text that is not valid JSON, too. */
export function isDeeperThan(text: string, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (inString) {
      if (unit === 0x5c) index += 1;
      else if (unit === 0x22) inString = false;
    } else if (unit === 0x22) inString = true;
    else if (unit === 0x7b || unit === 0x5b) {
      depth += 1;
      if (depth > limit) return true;
    } else if (unit === 0x7d || unit === 0x5d) depth -= 1;
  }
  return false;
}

type Done = (error: Error | null, value?: unknown) => void;

const dictionary = Buffer.from(PACKING_DICTIONARY);

function unpack(body: Buffer): string {
  return inflateRawSync(body, { dictionary, maxOutputLength: MOST_PACKED_BYTES }).toString('utf8');
}

/** What zlib says of bytes that nobody packed is of no use to whoever sent them. */
function unpackingRefusal(error: unknown): Error {
  const isTooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
  return Object.assign(new Error('a body that cannot be unpacked', { cause: error }), {
    statusCode: isTooLarge ? 413 : 400,
  });
}

export function readOnlyJson(app: HttpServer): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  const read = (request: FastifyRequest, text: string, done: Done): void => {
    if (isDeeperThan(text, MAX_DEPTH)) {
      done(new OutpostError('invalid', 'The request is nested too deeply.'));
      return;
    }
    // The default parser answers through `done`.
    void parse(request, text, (error, value) => {
      const isUnstorable = error === null && MAY_BE_UNSTORABLE.test(text) && !hasOnlyStorableText(value);
      done(
        isUnstorable ? new OutpostError('invalid', 'The request contains characters that cannot be stored.') : error,
        value,
      );
    });
  };
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) =>
    read(request, typeof body === 'string' ? body : body.toString('utf8'), done),
  );
  app.addContentTypeParser(PACKED_TYPE, { parseAs: 'buffer' }, (request, body, done) => {
    let text: string;
    try {
      text = unpack(Buffer.from(body));
    } catch (error) {
      done(unpackingRefusal(error));
      return;
    }
    read(request, text, done);
  });
  app.addHook('onRequest', async (request) => {
    const encoding = request.headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') {
      throw Object.assign(new Error('compressed request'), { statusCode: 415 });
    }
  });
}
