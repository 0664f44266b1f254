// One span for every request, below the one of the device that sent it, and one for every transaction made on its way. Which
// request a transaction belongs to is carried along by Node itself; nothing of it is there when traces go nowhere.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Span, Tracing } from '#shared/observe/tracing.ts';
import { routeOf } from '#server/http/correlation.ts';
import type { HttpServer } from '#server/http/http-server.ts';
import type { SqlDatabase } from '#server/store/database.ts';

const current = new AsyncLocalStorage<Span>();

/** Of the request or job that is being worked at; null when nothing is recorded. */
export function currentTraceparent(): string | null {
  return current.getStore()?.traceparent ?? null;
}

export function runInSpan<Value>(span: Span, work: () => Promise<Value>): Promise<Value> {
  return current.run(span, work);
}

/** Before every other hook, so that all of them belong to the request. */
export function traceRoutes(app: HttpServer, tracing: Tracing): void {
  if (!tracing.isOn) return;
  const spans = new WeakMap<object, Span>();
  app.addHook('onRequest', (request, _reply, done) => {
    const parent = request.headers['traceparent'];
    const span = tracing.start(`${request.method} ${routeOf(request)}`, {
      kind: 'server',
      parent: typeof parent === 'string' ? parent : null,
      facts: {
        'http.request.method': request.method,
        'http.route': routeOf(request),
        'outpost.correlation_id': request.id,
      },
    });
    spans.set(request, span);
    request.log = request.log.child({ traceId: span.traceId });
    current.run(span, done);
  });
  app.addHook('onResponse', async (request, reply) => {
    const span = spans.get(request);
    span?.set({ 'http.response.status_code': reply.statusCode });
    span?.end(reply.statusCode >= 500 ? request.refusedWith : undefined);
  });
}

/** The same database, whose transactions are spans of whatever they are made for. */
export function traceDatabase(database: SqlDatabase, tracing: Tracing): SqlDatabase {
  if (!tracing.isOn) return database;
  return {
    ...database,
    async inTenant(tenantId, work, options) {
      const parent = current.getStore();
      if (parent === undefined) return database.inTenant(tenantId, work, options);
      const span = tracing.start('transaction', {
        kind: 'client',
        parent,
        facts: { 'db.system.name': database.engine },
      });
      try {
        const value = await database.inTenant(tenantId, work, options);
        span.end();
        return value;
      } catch (error) {
        span.end(error instanceof Error && 'code' in error ? String(error.code) : 'failed');
        throw error;
      }
    },
  };
}
