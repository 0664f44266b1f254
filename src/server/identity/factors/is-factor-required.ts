// Whether somebody has to have a second factor: because of the role, or by a rule of the installation or the organization.
// One answer for the door, for passwords beside a factor, and for who may go without.
import type { OrganizationSettings } from '#shared/sync/messages.ts';
import { readSettingsIn } from '#server/admin/organization-settings.ts';
import type { AccountPlace } from '#server/identity/accounts.ts';
import { readPolicies } from '#server/platform/policies.ts';
import type { SqlSession } from '#server/store/database.ts';

/** `known`: the settings, where they were read already. */
export async function isFactorRequired(
  session: SqlSession,
  { tenantId }: Pick<AccountPlace, 'tenantId'>,
  role: string,
  known?: Required<OrganizationSettings>,
): Promise<boolean> {
  const { secondFactorRoles } = known ?? (await readSettingsIn(session, tenantId));
  return secondFactorRoles.includes(role) || (await readPolicies(session, tenantId)).mfaRequired;
}
