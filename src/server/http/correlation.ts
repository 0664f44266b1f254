// One id follows a request through the answer, every log line and the client's own log.
import { randomBytes } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { HttpServer } from '#server/http/http-server.ts';
import { NO_ROUTE, type RequestFact } from '#server/observe/request-fact.ts';

const HEADER = 'x-correlation-id';
/** Enough to tell apart what is looked for in a log, in twelve letters. */
const ID_BYTES = 9;
const SANE_ID = /^[\w.-]{8,64}$/;

/** The id the caller chose, when it is short and of harmless characters, otherwise a new one. */
export function chooseCorrelationId(headers: Readonly<Record<string, string | string[] | undefined>>): string {
  const wished = headers[HEADER];
  return typeof wished === 'string' && SANE_ID.test(wished) ? wished : randomBytes(ID_BYTES).toString('base64url');
}

/** The pattern, not the address: ids of records and query values stay out of logs. */
export function routeOf(request: FastifyRequest): string {
  return request.is404 ? NO_ROUTE : (request.routeOptions.url ?? NO_ROUTE);
}

/** `onAnswer` is told of every request when its answer is on its way. */
export function traceRequests(app: HttpServer, onAnswer: (fact: RequestFact) => void): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header(HEADER, request.id);
  });
  app.addHook('onResponse', async (request, reply) => {
    const { principal, method } = request;
    const fact: RequestFact = {
      method,
      route: routeOf(request),
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      principal,
      code: request.refusedWith,
      correlationId: request.id,
    };
    const { route, status, ms } = fact;
    const who = principal ? { userId: principal.actor.userId, deviceId: principal.deviceId } : {};
    request.log.info({ method, route, status, ms, ...who }, 'request');
    onAnswer(fact);
  });
}
