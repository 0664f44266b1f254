// What stands behind each call of the installation (`#shared/platform/platform-calls.ts`), for the routes and for the command line.
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Policies } from '#shared/platform/policies.ts';
import type { PlatformAnswer, PlatformCallName, PlatformInput } from '#shared/platform/platform-calls.ts';
import { withUnlimited, type Plan } from '#shared/platform/plans.ts';
import { announceMaintenance } from '#server/admin/maintenance.ts';
import {
  foundOrganization,
  listOrganizations,
  resumeOrganization,
  setOrganizationFeatures,
  setSubscription,
  suspendOrganization,
} from '#server/platform/organizations.ts';
import { readBrandOf, setBrand } from '#server/platform/brand.ts';
import { readPlatformAudit, readPlatformHealth } from '#server/platform/oversight.ts';
import {
  findOrganization,
  noteAtOperator,
  readDirectory,
  type By,
  type PlatformContext,
} from '#server/platform/platform-context.ts';
import { readFeatures, readPlans, readPlatformPolicies, writeSetting } from '#server/platform/settings.ts';
import { endSupport, giveSupportSignIn, listAccesses, openSupport } from '#server/platform/support-access.ts';
import { addStaff, listStaff, removeStaff } from '#server/platform/support-staff.ts';
import { monthOf, noteUsage, readUsage } from '#server/platform/usage.ts';

export type PlatformWork = {
  readonly [Name in PlatformCallName]: (input: PlatformInput<Name>, by: By) => Promise<PlatformAnswer<Name>>;
};

export function createPlatformWork(context: PlatformContext): PlatformWork {
  const { database, clock } = context;
  return {
    listOrganizations: async () => ({ organizations: [...(await listOrganizations(context))] }),
    createOrganization: (input, by) => foundOrganization(context, input, by),
    suspendOrganization: (input, by) => suspendOrganization(context, input, by),
    resumeOrganization: (input, by) => resumeOrganization(context, input, by),
    setSubscription: (input, by) => setSubscription(context, input, by),
    setOrganizationFeatures: (input, by) => setOrganizationFeatures(context, input, by),
    readBrand: ({ id }) => readBrandOf(context, id),
    setBrand: (input, by) => setBrand(context, input, by),
    listPlans: async () => ({ plans: [...(await database.transaction(readPlans))] }),
    savePlans: ({ plans }, by) => savePlans(context, plans, by),
    readFeatures: async () => ({ features: await database.transaction(readFeatures) }),
    async saveFeatures({ features }, by) {
      await database.transaction((session) => writeSetting(session, 'features', features));
      const detail = { features: JSON.stringify(features) };
      await noteAtOperator(context, by, 'features', {
        command: 'features.change',
        groups: Object.keys(features),
        detail,
      });
      return { features };
    },
    readPolicies: async () => ({ policies: await database.transaction(readPlatformPolicies) }),
    savePolicies: ({ policies }, by) => savePolicies(context, policies, by),
    async planMaintenance({ organizations, planned }, by) {
      const all = await readDirectory(database);
      const chosen =
        organizations === undefined
          ? all
          : await Promise.all(organizations.map((id) => findOrganization(database, id)));
      const announcer = { actorId: null, deviceId: null };
      for (const { tenant } of chosen) await announceMaintenance(database, tenant, planned, announcer, clock.now());
      const detail = { organizations: chosen.map(({ tenant }) => tenant).join(' '), planned: JSON.stringify(planned) };
      await noteAtOperator(context, by, 'maintenance', { command: 'maintenance.plan', detail });
      return { organizations: chosen.length };
    },
    async readUsage({ from, until }) {
      for (const { tenant } of await readDirectory(database)) await noteUsage(database, tenant, clock.now());
      const present = monthOf(clock.now());
      return { rows: [...(await readUsage(database, from ?? '0000-01', until ?? present))] };
    },
    readHealth: () => readPlatformHealth(context),
    readAudit: (asked) => readPlatformAudit(context, asked),
    listStaff: async () => ({ staff: await listStaff(context) }),
    addStaff: (input, by) => addStaff(context, input, by),
    removeStaff: ({ id }, by) => removeStaffAndAccess(context, id, by),
    listSupport: async () => ({
      accesses: [...(await database.transaction((session) => listAccesses(session, clock.now())))],
    }),
    openSupport: (input, by) => openSupport(context, input, by),
    endSupport: ({ id }, by) => endSupport(context, id, by),
    giveSupportSignIn: ({ id }, by) => giveSupportSignIn(context, id, by),
  };
}

async function savePlans(context: PlatformContext, wanted: readonly Plan[], by: By): Promise<{ plans: Plan[] }> {
  const plans = withUnlimited(wanted);
  const ids = plans.map(({ id }) => id);
  if (new Set(ids).size < ids.length)
    throw new OutpostError('duplicate', 'Two plans have the same id.', { problems: ['plans:taken'] });
  const held = (await readDirectory(context.database)).find(({ plan }) => !ids.includes(plan));
  if (held !== undefined) {
    throw new OutpostError('invalid', `"${held.name}" has the plan "${held.plan}". Give it another one first.`, {
      problems: ['plans:planInUse'],
      organization: held.name,
    });
  }
  await context.database.transaction((session) => writeSetting(session, 'plans', plans));
  await noteAtOperator(context, by, 'plans', { command: 'plans.change', groups: ids });
  return { plans: [...plans] };
}

async function savePolicies(context: PlatformContext, policies: Policies, by: By): Promise<{ policies: Policies }> {
  const own = ownDomainsOf(policies, by);
  if (own !== null) throw own;
  await context.database.transaction((session) => writeSetting(session, 'policies', policies));
  const detail = { policies: JSON.stringify(policies) };
  await noteAtOperator(context, by, 'policies', { command: 'policies.change', groups: Object.keys(policies), detail });
  return { policies };
}

/** Nobody locks out the domain they are of. */
function ownDomainsOf({ allowedDomains }: Policies, by: By): OutpostError | null {
  const domain = by?.email.toLowerCase().split('@').at(-1);
  if (domain === undefined || allowedDomains.length === 0 || allowedDomains.includes(domain)) return null;
  return new OutpostError('invalid', 'Your own domain is not among the allowed ones.', {
    problems: ['allowedDomains:ownDomain'],
  });
}

async function removeStaffAndAccess(context: PlatformContext, id: string, by: By) {
  const rows = await context.database.transaction((session) =>
    session.query<{ id: string; tenant: TenantId }>(
      `SELECT id, tenant FROM support_access WHERE staff_id = $1 AND state IN ('asked', 'open')`,
      [id],
    ),
  );
  for (const access of rows) await endSupport(context, access.id, by);
  await removeStaff(context, id, by);
  return { staff: await listStaff(context) };
}
