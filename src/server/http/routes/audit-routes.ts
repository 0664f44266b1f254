// The audit at the hands of an administrator: reading it, and proving that it is what was written.
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import {
  AuditPageSchema,
  AuditQuerySchema,
  AuditVerificationSchema,
  AuditVerifySchema,
} from '#shared/sync/audit-messages.ts';
import { ErrorResponseSchema } from '#shared/sync/messages.ts';
import { assertAuditReader, readAudit } from '#server/audit/read-audit.ts';
import { verifyAudit } from '#server/audit/verify-audit.ts';
import { type HttpServer, principalOf } from '#server/http/http-server.ts';
import type { SqlDatabase } from '#server/store/database.ts';

const failures = { '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema };
/** It reads the whole audit. */
const VERIFY_RATE = { max: 6, timeWindow: '1 minute' };

export function addAuditRoutes(
  app: HttpServer,
  dependencies: { readonly db: SqlDatabase; readonly clock: Clock },
): void {
  const { db, clock } = dependencies;
  app.post(
    '/api/v1/audit/entries',
    {
      schema: {
        summary: 'Who did what and when, refusals included, newest first; for administrators',
        tags: ['audit'],
        body: AuditQuerySchema,
        response: { 200: AuditPageSchema, ...failures },
      },
    },
    (request) => readAudit(db, principalOf(request).actor, request.body),
  );
  app.post(
    '/api/v1/audit/verify',
    {
      config: { rateLimit: VERIFY_RATE },
      schema: {
        summary: 'Whether every entry is there and unchanged, and whether earlier heads still lie in the chain',
        tags: ['audit'],
        body: AuditVerifySchema,
        response: { 200: AuditVerificationSchema, ...failures },
      },
    },
    (request) => {
      const { actor } = principalOf(request);
      assertAuditReader(actor);
      return verifyAudit(db, actor.tenantId as TenantId, request.body.anchors, clock.now());
    },
  );
}
