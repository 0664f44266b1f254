// The look of an organization, given from outside by whoever runs the installation: the same record, and the same rules, as when its
// own administrators give it.
import { brandOf, type Brand } from '#shared/brand/brand.ts';
import { defaultFigures, ORGANIZATION_ID } from '#shared/entities/organization/organization.ts';
import { entities } from '#shared/entities/registry.ts';
import { validateRecord } from '#shared/entities/validate-record.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { readBrand } from '#server/mail/branded-mail.ts';
import {
  findOrganization,
  noteAtOperator,
  noteInOrganization,
  type By,
  type PlatformContext,
} from '#server/platform/platform-context.ts';
import { changeRecord, createRecords, findRecord, newRecord } from '#server/sync/write-record.ts';

export async function readBrandOf({ database }: PlatformContext, id: string): Promise<Brand> {
  const { tenant } = await findOrganization(database, id);
  return readBrand(database, tenant);
}

/** @throws OutpostError `not_found`, `invalid` for a logo that is none. */
export async function setBrand(
  context: PlatformContext,
  { id, ...wish }: Partial<Brand> & { readonly id: string },
  by: By,
): Promise<Brand> {
  const { database, clock } = context;
  const { tenant } = await findOrganization(database, id);
  const names = (['name', 'logo', 'accent'] as const).filter((name) => wish[name] !== undefined);
  const deed = { command: 'organization.brand', groups: names };
  await database.inTenant(tenant, async (session) => {
    const nowMs = clock.now();
    const stored = await findRecord(session, tenant, 'organization', ORGANIZATION_ID, true);
    const next = { ...brandOf(stored?.record), ...wish };
    const values = { brandName: next.name, brandLogo: next.logo, brandAccent: next.accent };
    const problems = validateRecord(entities.organization, { currency: defaultFigures.currency, ...values });
    if (problems.length > 0)
      throw new OutpostError('invalid', problems[0]?.message ?? 'This is no look of an organization.', {
        problems: problems.map(({ field, code }) => `${field}:${code}`),
      });
    const writing = { tenantId: tenant, nowMs, actorId: null };
    if (stored === null) {
      const whole = { currency: defaultFigures.currency, ...values };
      await createRecords(session, writing, [newRecord('organization', ORGANIZATION_ID, null, whole, writing)]);
    } else await changeRecord(session, writing, stored, values);
    await noteInOrganization(session, tenant, nowMs, by, deed);
  });
  await noteAtOperator(context, by, tenant, deed);
  return readBrand(database, tenant);
}
