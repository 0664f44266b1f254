// What the sync protocol has no place for: revealing one masked value, and reading who did.
import { Type } from 'typebox';
import type { Clock } from '#shared/kernel/ports.ts';
import {
  ErrorResponseSchema,
  MaskingAuditSchema,
  RevealAnswerSchema,
  RevealRequestSchema,
} from '#shared/sync/messages.ts';
import { type HttpServer, principalOf } from '#server/http/http-server.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { readMaskingAudit, revealField } from '#server/sync/reveal-field.ts';

const failures = { '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema };
/** One value at a time is a person looking; many are a program copying. */
const RATE = { max: 60, timeWindow: '1 minute' };

export function addFieldRoutes(
  app: HttpServer,
  dependencies: { readonly db: SqlDatabase; readonly clock: Clock },
): void {
  const { db, clock } = dependencies;
  app.post(
    '/api/v1/fields/reveal',
    {
      config: { rateLimit: RATE },
      schema: {
        summary: 'Show one masked value to somebody who holds the right; it is written to the audit log',
        tags: ['fields'],
        body: RevealRequestSchema,
        response: { 200: RevealAnswerSchema, ...failures },
      },
    },
    async (request) => ({ value: await revealField(db, principalOf(request), request.body, clock.now()) }),
  );
  app.get(
    '/api/v1/fields/audit',
    {
      schema: {
        summary: 'Masked values that were revealed and changes of field rules, newest first; for administrators',
        tags: ['fields'],
        querystring: Type.Object({ limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })) }),
        response: { 200: MaskingAuditSchema, ...failures },
      },
    },
    (request) => readMaskingAudit(db, principalOf(request), request.query.limit ?? 100),
  );
}
