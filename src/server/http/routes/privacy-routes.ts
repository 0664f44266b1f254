// The rights of the persons in the data, at the hands of an administrator: everything there is about somebody, and its end.
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { ErrorResponseSchema } from '#shared/sync/messages.ts';
import { ErasureDoneSchema, PersonExportSchema, PersonPlaceSchema } from '#shared/sync/privacy-messages.ts';
import { mayErasePersons, mayExportPersons } from '#shared/access/privacy.ts';
import { type HttpServer, principalOf } from '#server/http/http-server.ts';
import { erasePerson } from '#server/privacy/erase-person.ts';
import { exportPerson } from '#server/privacy/export-person.ts';
import type { SqlDatabase } from '#server/store/database.ts';

interface PrivacyDependencies {
  readonly database: SqlDatabase;
  readonly clock: Clock;
}

const failures = { '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema };

export function addPrivacyRoutes(app: HttpServer, { database, clock }: PrivacyDependencies): void {
  app.post(
    '/api/v1/privacy/export',
    {
      schema: {
        summary: 'Everything kept about a person: records, activities, tasks, history, audit',
        tags: ['privacy'],
        body: PersonPlaceSchema,
        response: { 200: PersonExportSchema, ...failures },
      },
    },
    async (request) => {
      const { actor } = principalOf(request);
      if (!mayExportPersons(actor))
        throw new OutpostError('action_forbidden', 'Only administrators export everything about a person.');
      const tenantId = actor.tenantId as TenantId;
      return database.inTenant(tenantId, (session) =>
        exportPerson(session, tenantId, request.body, { nowMs: clock.now(), actor }),
      );
    },
  );
  app.post(
    '/api/v1/privacy/erase',
    {
      schema: {
        summary: 'Erase a person for good: no device, import or restore brings them back',
        tags: ['privacy'],
        body: PersonPlaceSchema,
        response: { 200: ErasureDoneSchema, ...failures },
      },
    },
    async (request) => {
      const { actor } = principalOf(request);
      if (!mayErasePersons(actor)) throw new OutpostError('action_forbidden', 'Only administrators erase persons.');
      const tenantId = actor.tenantId as TenantId;
      const { erased, unlinked } = await database.inTenant(tenantId, (session) =>
        erasePerson(session, tenantId, request.body, { userId: actor.userId, nowMs: clock.now() }),
      );
      return { erased, unlinked };
    },
  );
}
