import type { Clock } from '#shared/kernel/ports.ts';
import { ErrorResponseSchema, type OrganizationSettings, OrganizationSettingsSchema } from '#shared/sync/messages.ts';
import { MaintenancePlanSchema, type MaintenancePlan } from '#shared/sync/maintenance.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { announceMaintenance, assertMayAnnounce, readMaintenance } from '#server/admin/maintenance.ts';
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
  app.get(
    '/api/v1/organization/maintenance',
    {
      schema: {
        summary: 'Maintenance that was announced and is not over',
        tags: ['organization'],
        response: { 200: MaintenancePlanSchema, ...failures },
      },
    },
    async (request) => ({
      planned: await readMaintenance(database, principalOf(request).actor.tenantId as TenantId, clock.now()),
    }),
  );
  app.put<{ Body: MaintenancePlan }>(
    '/api/v1/organization/maintenance',
    {
      schema: {
        summary: 'Announce maintenance to everybody, or take it back; for administrators',
        tags: ['organization'],
        body: MaintenancePlanSchema,
        response: { 200: MaintenancePlanSchema, ...failures },
      },
    },
    async (request) => {
      const { actor, deviceId } = principalOf(request);
      const { planned } = request.body;
      assertMayAnnounce(actor);
      const by = { actorId: actor.userId, deviceId };
      await announceMaintenance(database, actor.tenantId as TenantId, planned, by, clock.now());
      return { planned };
    },
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
