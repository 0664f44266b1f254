// Every refusal leaves as one shape with a code of the catalogue and the correlation id of the request. What went
// wrong inside is written to the log under the same id and never sent: no stack, no text of the SQL engine.
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { OutpostError, errorCatalogue, type ErrorDetails } from '#shared/kernel/errors.ts';
import type { HttpServer } from '#server/http/http-server.ts';

/** Largest body of a route that says nothing else; only a push may be larger. */
export const BODY_LIMIT_BYTES = 64 * 1024;
export const PUSH_BODY_LIMIT_BYTES = 8 * 1024 * 1024;

interface Refusal {
  readonly error: OutpostError;
  readonly status: number;
}

/** Where a body broke the schema and which rule, never what stood there. */
function describeValidation(error: FastifyError): ErrorDetails {
  const problems = (error.validation ?? []).slice(0, 20).map((problem) => {
    const place = problem.instancePath === '' ? 'body' : problem.instancePath.slice(0, 120);
    return `${place} ${problem.keyword}`;
  });
  return { problems };
}

function refusalOf(error: FastifyError | OutpostError): Refusal {
  if (error instanceof OutpostError) return { error, status: errorCatalogue[error.code].status };
  const refuse = (code: 'invalid' | 'too_large', status: number, message: string, details: ErrorDetails = {}) => ({
    error: new OutpostError(code, message, details, { cause: error }),
    status,
  });
  if (error.validation)
    return refuse('invalid', 400, 'The request is not shaped as expected.', describeValidation(error));
  const status = error.statusCode ?? 500;
  if (status === 413) return refuse('too_large', 413, 'The request is too large.');
  if (status === 415) return refuse('invalid', 415, 'Send application/json, not compressed.');
  if (status >= 400 && status < 500) return refuse('invalid', status, 'The request could not be read.');
  return {
    error: new OutpostError('internal', 'Something went wrong on the server.', {}, { cause: error }),
    status: 500,
  };
}

function sendRefusal(request: FastifyRequest, reply: FastifyReply, refusal: Refusal): FastifyReply {
  const { code, message, details } = refusal.error;
  request.refusedWith = code;
  if (typeof details.retryAfterSeconds === 'number') reply.header('retry-after', String(details.retryAfterSeconds));
  return reply
    .code(refusal.status)
    .type('application/json; charset=utf-8')
    .serializer((payload) => (typeof payload === 'string' ? payload : JSON.stringify(payload)))
    .send({
      error: {
        code,
        message: code === 'internal' ? 'Something went wrong on the server.' : message,
        details,
        correlationId: request.id,
      },
    });
}

/** `onUnexpected` is told of errors that are the server's fault and not foreseen. */
export function answerErrorsAsData(
  app: HttpServer,
  onUnexpected: (error: unknown, request: FastifyRequest) => void,
): void {
  app.decorateRequest('refusedWith', '');
  app.setErrorHandler((error: FastifyError | OutpostError, request, reply) => {
    const refusal = refusalOf(error);
    if (refusal.status >= 500) request.log.error({ err: error }, 'request failed');
    if (refusal.error.code === 'internal') onUnexpected(error, request);
    return sendRefusal(request, reply, refusal);
  });
  app.setNotFoundHandler((request, reply) =>
    sendRefusal(request, reply, {
      error: new OutpostError('not_found', 'There is nothing at this address.'),
      status: 404,
    }),
  );
}
