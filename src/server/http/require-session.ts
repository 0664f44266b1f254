// The one gate: every route needs a living session unless its own configuration says otherwise, and the caller is
// recognised before a byte of the body is read.
import { OutpostError } from '#shared/kernel/errors.ts';
import { bearerTokenOf, type HttpServer } from '#server/http/http-server.ts';
import type { Identity } from '#server/identity/create-identity.ts';

export function requireSession(app: HttpServer, identity: Identity): void {
  app.decorateRequest('principal', null);
  app.addHook('onRequest', async (request) => {
    if (request.is404) return;
    const access = request.routeOptions.config.access ?? 'session';
    if (access === 'public') return;
    const token = bearerTokenOf(request);
    // A socket may introduce itself in its first message instead.
    if (access === 'socket' && token === null && request.ws) return;
    if (token === null) throw new OutpostError('session_expired', 'Sign in to use this address.');
    request.principal = await identity.recognise(token);
  });
}
