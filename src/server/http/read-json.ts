// The only body the server reads is JSON, uncompressed (so no body grows after its size was checked), nested at most
// MAX_DEPTH deep (so no later walk over it can exhaust the stack), without keys that touch a prototype and without text
// that the database cannot keep (so that no route has to think of it).
import { OutpostError } from '#shared/kernel/errors.ts';
import { hasOnlyStorableText } from '#shared/kernel/storable-text.ts';
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

export function readOnlyJson(app: HttpServer): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const text = typeof body === 'string' ? body : body.toString('utf8');
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
  });
  app.addHook('onRequest', async (request) => {
    const encoding = request.headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') {
      throw Object.assign(new Error('compressed request'), { statusCode: 415 });
    }
  });
}
