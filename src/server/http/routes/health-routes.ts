import type { FastifyBaseLogger } from 'fastify';
import { Type } from 'typebox';
import { OutpostError } from '#shared/kernel/errors.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { HealthDetailSchema, type HealthDetail, type PartStatus } from '#shared/sync/health-messages.ts';
import { ErrorResponseSchema, HealthSchema } from '#shared/sync/messages.ts';
import { PROTOCOL_VERSION } from '#shared/sync/operation.ts';
import { type HttpServer, principalOf } from '#server/http/http-server.ts';
import { measureMachine } from '#server/http/measure-machine.ts';
import { MIN_PROTOCOL_VERSION } from '#server/http/protocol-version.ts';
import type { WatchedMailer } from '#server/mail/watch-mailer.ts';
import { assertMayWatch } from '#server/observe/rights.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import packageJson from '../../../../package.json' with { type: 'json' };

interface HealthDependencies {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly isDemo: boolean;
  /** Directory whose disk matters: that of the data, or of the process when the data lives elsewhere. */
  readonly directory: string;
  /** What it calls itself, for monitoring of several. */
  readonly serviceName: string;
  /** Null: the server sends no mail. */
  readonly mailer: WatchedMailer | null;
}

const StateSchema = Type.Object({ status: Type.String() });
/** A monitor waits no longer for a mail server. */
const MAIL_WAIT_MS = 2_000;

async function isAnswering(database: SqlDatabase, log: FastifyBaseLogger): Promise<boolean> {
  try {
    await database.query('SELECT 1 AS answer');
    return true;
  } catch (error) {
    log.error({ err: error }, 'the database does not answer');
    return false;
  }
}

async function statusOfMail(mailer: WatchedMailer | null): Promise<PartStatus> {
  if (mailer === null) return 'not_configured';
  const standing = await mailer.standing(MAIL_WAIT_MS);
  if (standing === null) return 'warning';
  return standing.isWell ? 'healthy' : 'unhealthy';
}

/** The worst of them; what is not set up is not ill. */
function worstOf(statuses: readonly PartStatus[]): PartStatus {
  return (['unhealthy', 'warning'] as const).find((status) => statuses.includes(status)) ?? 'healthy';
}

function addDetailRoute(app: HttpServer, dependencies: HealthDependencies): void {
  const { database, clock, directory, mailer, serviceName } = dependencies;
  app.get(
    '/api/health/detailed',
    {
      schema: {
        summary: 'Load, memory, disk and services, for people who may see the health of the system',
        tags: ['health'],
        response: { 200: HealthDetailSchema, '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema },
      },
    },
    async (request): Promise<HealthDetail> => {
      assertMayWatch(principalOf(request).actor);
      const [system, hasDatabase, email] = await Promise.all([
        measureMachine(directory),
        isAnswering(database, request.log),
        statusOfMail(mailer),
      ]);
      const ofDatabase: PartStatus = hasDatabase ? 'healthy' : 'unhealthy';
      return {
        status: worstOf([ofDatabase, email, system.memory.status, system.disk.status]),
        timestamp: toInstant(clock.now()),
        service: serviceName,
        system,
        // Jobs and pokes travel through the database: there is no Redis to set up.
        services: { database: { status: ofDatabase }, redis: { status: 'not_configured' }, email: { status: email } },
      };
    },
  );
}

export function addHealthRoutes(app: HttpServer, dependencies: HealthDependencies): void {
  const { database, clock, isDemo, serviceName } = dependencies;
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
      service: serviceName,
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
