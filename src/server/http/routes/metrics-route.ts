// Measurements for Prometheus. They say nothing about any organization, but how busy a company is, and when it sleeps, is not
// everybody's business: a program shows the token the server was started with, a person a session that may see the system.
// The address of the caller never counts: behind a proxy everybody comes from this computer.
import { Type } from 'typebox';
import { ErrorResponseSchema } from '#shared/sync/messages.ts';
import type { HttpServer } from '#server/http/http-server.ts';
import type { Metrics } from '#server/observe/metrics.ts';
import { assertRunsTheServer } from '#server/observe/rights.ts';
import type { SqlDatabase } from '#server/store/database.ts';

export function addMetricsRoute(app: HttpServer, metrics: Metrics, database: SqlDatabase): void {
  app.get(
    '/metrics',
    {
      config: { access: 'metrics' },
      schema: {
        summary: "Measurements in Prometheus' text format",
        tags: ['health'],
        response: { 200: Type.String(), '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema },
      },
    },
    async (request, reply) => {
      if (request.principal !== null) await assertRunsTheServer(database, request.principal.actor);
      return reply.type(metrics.contentType).send(await metrics.read());
    },
  );
}
