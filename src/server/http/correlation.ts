// One id follows a request through the answer, every log line and the client's own log.
import { randomBytes } from 'node:crypto';
import type { HttpServer } from '#server/http/http-server.ts';

const HEADER = 'x-correlation-id';
/** Enough to tell apart what is looked for in a log, in twelve letters. */
const ID_BYTES = 9;
const SANE_ID = /^[\w.-]{8,64}$/;

/** The id the caller chose, when it is short and of harmless characters, otherwise a new one. */
export function chooseCorrelationId(headers: Readonly<Record<string, string | string[] | undefined>>): string {
  const wished = headers[HEADER];
  return typeof wished === 'string' && SANE_ID.test(wished) ? wished : randomBytes(ID_BYTES).toString('base64url');
}

export function traceRequests(app: HttpServer): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header(HEADER, request.id);
  });
  app.addHook('onResponse', async (request, reply) => {
    const session = request.principal;
    request.log.info(
      {
        method: request.method,
        // The pattern, not the address: ids of records and query values stay out of logs.
        route: request.is404 ? '(none)' : (request.routeOptions.url ?? '(none)'),
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
        ...(session ? { userId: session.actor.userId, deviceId: session.deviceId } : {}),
      },
      'request',
    );
  });
}
