// The API monitor over HTTP: how the server answers the organization of whoever asks. Each address also without the version, as
// the documents name it.
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { ErrorResponseSchema } from '#shared/sync/messages.ts';
import {
  MonitoringErrorsSchema,
  MonitoringHealthSchema,
  MonitoringQuerySchema,
  MonitoringStatsSchema,
  MonitoringUsageSchema,
  type MonitoringQuery,
} from '#shared/sync/monitoring-messages.ts';
import { type HttpServer, principalOf } from '#server/http/http-server.ts';
import type { ApiMonitor } from '#server/observe/api-monitor.ts';
import { assertMayWatch } from '#server/observe/rights.ts';
import {
  readMonitoringErrors,
  readMonitoringHealth,
  readMonitoringStats,
  readMonitoringUsage,
  type Asked,
} from '#server/observe/read-monitor.ts';
import type { SqlDatabase } from '#server/store/database.ts';

interface MonitoringDependencies {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly monitor: ApiMonitor;
}

const failures = { '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema };
const routes = {
  health: {
    summary: 'Whether requests of your organization are answered well: status, share of errors, number',
    schema: MonitoringHealthSchema,
    read: readMonitoringHealth,
  },
  stats: {
    summary: 'Endpoints with most requests: average, p95, shortest and longest time, errors',
    schema: MonitoringStatsSchema,
    read: readMonitoringStats,
  },
  errors: {
    summary: 'Share of errors by endpoint, and the latest refusals and errors with their correlation ids',
    schema: MonitoringErrorsSchema,
    read: readMonitoringErrors,
  },
  usage: { summary: 'Who uses the server how much', schema: MonitoringUsageSchema, read: readMonitoringUsage },
} as const;

export function addMonitoringRoutes(app: HttpServer, { database, clock, monitor }: MonitoringDependencies): void {
  async function ask(tenantId: string, query: MonitoringQuery): Promise<Asked> {
    await monitor.flush();
    return { tenantId: tenantId as TenantId, nowMs: clock.now(), hours: query.hours ?? 24 };
  }
  for (const [name, { summary, schema, read }] of Object.entries(routes))
    for (const prefix of ['/api/v1/monitoring', '/api/monitoring'])
      app.get<{ Querystring: MonitoringQuery }>(
        `${prefix}/${name}`,
        {
          schema: {
            summary,
            tags: ['health'],
            querystring: MonitoringQuerySchema,
            response: { 200: schema, ...failures },
          },
        },
        async (request) => {
          const { actor } = principalOf(request);
          assertMayWatch(actor);
          return read(database, await ask(actor.tenantId, request.query), request.query.limit ?? 100);
        },
      );
}
