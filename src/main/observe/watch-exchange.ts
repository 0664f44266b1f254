// Gives every request to the server an id that stands in the logs of both sides, makes it a span of its own where traces go somewhere,
// and writes down here what did not go well: which request, with what status, how long it took. Never an address, a body or a header.
import { randomBytes } from 'node:crypto';
import type { Tracing } from '#shared/observe/tracing.ts';
import type { Exchange } from '#main/sync/exchange.ts';
import type { WriteLog } from '#main/write-log.ts';

export const CORRELATION_HEADER = 'x-correlation-id';
/** Enough to tell apart what is looked for in a log, in twelve letters. */
const ID_BYTES = 9;

/** Names one thing: whatever is not a word of the API (ids have digits, or letters in both cases). */
const WORD = /^(v\d+|[a-z]+(-[a-z]+)*)?$/;

/** The path of an address with `:id` for whatever names one thing. */
export function toRoute(url: string): string {
  return new URL(url).pathname
    .split('/')
    .map((part) => (WORD.test(part) && part.length <= 24 ? part : ':id'))
    .join('/');
}

interface ExchangeWatch {
  readonly tracing: Tracing;
  readonly log: WriteLog;
  readonly elapsedMs: () => number;
}

/** Nobody waits for it any more. What nobody answered in time was not taken back. */
function isTakenBack({ aborted, reason }: AbortSignal): boolean {
  return aborted && !(reason instanceof DOMException && reason.name === 'TimeoutError');
}

export function watchExchange(exchange: Exchange, { tracing, log, elapsedMs }: ExchangeWatch): Exchange {
  return async (url, request) => {
    const correlationId = randomBytes(ID_BYTES).toString('base64url');
    const route = toRoute(url);
    const startedMs = elapsedMs();
    const span = tracing.start(`${request.method} ${route}`, {
      kind: 'client',
      facts: { 'http.request.method': request.method, 'url.template': route, 'outpost.correlation_id': correlationId },
    });
    const traced = span.traceparent === null ? {} : { traceparent: span.traceparent };
    const facts = (): Record<string, string | number> => ({
      correlationId,
      ...(span.traceId === null ? {} : { traceId: span.traceId }),
      method: request.method,
      route,
      ms: Math.round(elapsedMs() - startedMs),
    });
    const headers = { ...request.headers, [CORRELATION_HEADER]: correlationId, ...traced };
    try {
      const answer = await exchange(url, { ...request, headers });
      span.set({ 'http.response.status_code': answer.status });
      span.end(answer.ok ? undefined : String(answer.status));
      if (!answer.ok) log('the server refused a request', undefined, { ...facts(), status: answer.status });
      return answer;
    } catch (error) {
      span.end('unreachable');
      if (!isTakenBack(request.signal)) log('a request did not reach the server', error, facts());
      throw error;
    }
  };
}
