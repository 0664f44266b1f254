// What was deleted and can still be restored. Restoring itself is an operation like any other.
import { Type } from 'typebox';
import type { Clock } from '#shared/kernel/ports.ts';
import { DeletedRecordsSchema, MOST_DELETED } from '#shared/sync/deleted-messages.ts';
import { ErrorResponseSchema } from '#shared/sync/messages.ts';
import { type HttpServer, principalOf } from '#server/http/http-server.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { readDeletedRecords } from '#server/sync/deleted-records.ts';

/** A look at the list, not a way to keep up with it. */
const RATE = { max: 60, timeWindow: '1 minute' };

export function addDeletedRoutes(
  app: HttpServer,
  { db, clock }: { readonly db: SqlDatabase; readonly clock: Clock },
): void {
  app.get(
    '/api/v1/deleted-records',
    {
      config: { rateLimit: RATE },
      schema: {
        summary: 'Records of the last 30 days that are deleted and that the caller may restore, newest first',
        tags: ['records'],
        querystring: Type.Object({ limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_DELETED })) }),
        response: { 200: DeletedRecordsSchema, '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema },
      },
    },
    (request) => readDeletedRecords(db, principalOf(request).actor, clock.now(), request.query.limit ?? MOST_DELETED),
  );
}
