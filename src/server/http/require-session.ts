// Every route needs somebody the gate lets in unless its own configuration says otherwise, and the caller is
// recognised before a byte of the body is read. A route that asks for it reads the body meanwhile, of callers with a token
// of this server only, and waits for the rest itself.
import { createHash, timingSafeEqual } from 'node:crypto';
import { OutpostError } from '#shared/kernel/errors.ts';
import { bearerTokenOf, type HttpServer } from '#server/http/http-server.ts';
import type { Gate } from '#server/http/gate.ts';

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** `metricsToken`: of programs that collect measurements; null for none. It opens nothing else. */
export function requireSession(app: HttpServer, gate: Gate, metricsToken: string | null): void {
  const metricsDigest = metricsToken === null ? null : digest(metricsToken);
  app.decorateRequest('principal', null);
  app.decorateRequest('recognising', null);
  app.addHook('onRequest', async (request, reply) => {
    if (request.is404) return;
    const access = request.routeOptions.config.access ?? 'session';
    if (access === 'public') return;
    const token = bearerTokenOf(request);
    // A socket may introduce itself in its first message instead.
    if (access === 'socket' && token === null && request.ws) return;
    if (token === null) throw new OutpostError('session_expired', 'Sign in to use this address.');
    if (access === 'metrics' && metricsDigest !== null && timingSafeEqual(digest(token), metricsDigest)) return;
    if (request.routeOptions.config.recognition === 'whileReading') {
      await gate.precheck(token);
      request.recognising = gate.admit(token, request, null);
      // Whoever waits for it is told; a body that cannot be read ends the request before anybody does.
      request.recognising.catch(() => undefined);
    } else request.principal = await gate.admit(token, request, reply);
  });
}
