import type { FastifyBaseLogger } from 'fastify';
import { Type } from 'typebox';
import { OutpostError } from '#shared/kernel/errors.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { ErrorResponseSchema, HealthSchema } from '#shared/sync/messages.ts';
import { PROTOCOL_VERSION } from '#shared/sync/operation.ts';
import { type HttpServer, principalOf } from '#server/http/http-server.ts';
import { measureMachine } from '#server/http/measure-machine.ts';
import { MIN_PROTOCOL_VERSION } from '#server/http/protocol-version.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import packageJson from '../../../../package.json' with { type: 'json' };

interface HealthDependencies {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly isDemo: boolean;
  /** Directory whose disk matters: that of the data, or of the process when the data lives elsewhere. */
  readonly directory: string;
}

const UsageSchema = Type.Object({
  total_gb: Type.Number(),
  free_gb: Type.Number(),
  used_percent: Type.Number(),
  status: Type.String(),
});
const DetailSchema = Type.Object({
  status: Type.String(),
  timestamp: Type.String(),
  system: Type.Object({ cpu_percent: Type.Number(), memory: UsageSchema, disk: UsageSchema }),
  services: Type.Record(Type.String(), Type.Object({ status: Type.String() })),
});

const StateSchema = Type.Object({ status: Type.String() });

async function isAnswering(database: SqlDatabase, log: FastifyBaseLogger): Promise<boolean> {
  try {
    await database.query('SELECT 1 AS answer');
    return true;
  } catch (error) {
    log.error({ err: error }, 'the database does not answer');
    return false;
  }
}

function addDetailRoute(app: HttpServer, { database, clock, directory }: HealthDependencies): void {
  app.get(
    '/api/health/detailed',
    {
      schema: {
        summary: 'Load, memory, disk and services, for people who may see the health of the system',
        tags: ['health'],
        response: { 200: DetailSchema, '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema },
      },
    },
    async (request) => {
      if (!principalOf(request).actor.permissions.includes('system.health')) {
        throw new OutpostError('action_forbidden', 'Only administrators see the health of the system.');
      }
      const [{ cpuPercent, memory, disk }, hasDatabase] = await Promise.all([
        measureMachine(directory),
        isAnswering(database, request.log),
      ]);
      const isWell = hasDatabase && memory.status === 'ok' && disk.status === 'ok';
      return {
        status: isWell ? 'ok' : 'warning',
        timestamp: toInstant(clock.now()),
        system: { cpu_percent: cpuPercent, memory, disk },
        services: { database: { status: hasDatabase ? 'ok' : 'failed' }, email: { status: 'not_configured' } },
      };
    },
  );
}

export function addHealthRoutes(app: HttpServer, dependencies: HealthDependencies): void {
  const { database, clock, isDemo } = dependencies;
  addDetailRoute(app, dependencies);
  app.get(
    '/api/health',
    {
      config: { access: 'public' },
      schema: {
        summary: 'Whether an Outpost server answers here, and which protocol it speaks',
        tags: ['health'],
        security: [],
        response: { 200: HealthSchema },
      },
    },
    async () => ({
      status: 'ok' as const,
      service: 'outpost-server',
      product: 'outpost' as const,
      version: packageJson.version,
      protocol: PROTOCOL_VERSION,
      minProtocol: MIN_PROTOCOL_VERSION,
      timestamp: toInstant(clock.now()),
      demo: isDemo,
    }),
  );
  app.get(
    '/api/health/liveness',
    {
      config: { access: 'public' },
      schema: { summary: 'The process runs', tags: ['health'], security: [], response: { 200: StateSchema } },
    },
    async () => ({ status: 'alive' }),
  );
  app.get(
    '/api/health/readiness',
    {
      config: { access: 'public' },
      schema: {
        summary: 'The process runs and reaches its database',
        tags: ['health'],
        security: [],
        response: { 200: StateSchema, '5xx': ErrorResponseSchema },
      },
    },
    async (request) => {
      if (!(await isAnswering(database, request.log)))
        throw new OutpostError('server_busy', 'The database does not answer.');
      return { status: 'ready' };
    },
  );
}
