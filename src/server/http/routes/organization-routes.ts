import type { Clock } from '#shared/kernel/ports.ts';
import { ErrorResponseSchema, type OrganizationSettings, OrganizationSettingsSchema } from '#shared/sync/messages.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { readOrganizationSettings, writeOrganizationSettings } from '#server/admin/organization-settings.ts';
import { type HttpServer, principalOf } from '#server/http/http-server.ts';
import type { SqlDatabase } from '#server/store/database.ts';

const failures = { '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema };

export function addOrganizationRoutes(app: HttpServer, database: SqlDatabase, clock: Clock): void {
  app.get(
    '/api/v1/organization/settings',
    {
      schema: {
        summary: 'What your organization decided for all its computers',
        tags: ['organization'],
        response: { 200: OrganizationSettingsSchema, ...failures },
      },
    },
    (request) => readOrganizationSettings(database, principalOf(request).actor.tenantId as TenantId),
  );
  app.put<{ Body: OrganizationSettings }>(
    '/api/v1/organization/settings',
    {
      schema: {
        summary: 'Change it, as an administrator',
        tags: ['organization'],
        body: OrganizationSettingsSchema,
        response: { 200: OrganizationSettingsSchema, ...failures },
      },
    },
    (request) => {
      const { actor, deviceId } = principalOf(request);
      return writeOrganizationSettings(database, actor, deviceId, request.body, clock.now());
    },
  );
}
