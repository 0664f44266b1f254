import { Type } from 'typebox';
import { OutpostError } from '#shared/kernel/errors.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { ErrorResponseSchema, HealthSchema } from '#shared/sync/messages.ts';
import { PROTOCOL_VERSION } from '#shared/sync/operation.ts';
import type { HttpServer } from '#server/http/http-server.ts';
import { MIN_PROTOCOL_VERSION } from '#server/http/protocol-version.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import packageJson from '../../../../package.json' with { type: 'json' };

interface HealthDependencies {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly isDemo: boolean;
}

const StateSchema = Type.Object({ status: Type.String() });

export function addHealthRoutes(app: HttpServer, { database, clock, isDemo }: HealthDependencies): void {
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
    async () => {
      try {
        await database.query('SELECT 1 AS answer');
      } catch (error) {
        throw new OutpostError('server_busy', 'The database does not answer.', {}, { cause: error });
      }
      return { status: 'ready' };
    },
  );
}
