// Founds an organization: its tenant, its first administrator and the pipeline every organization starts with. The first
// organization of an installation runs it; its first administrator is a super administrator, those of later ones are not.
import { randomUUID } from 'node:crypto';
import { DEFAULT_PIPELINE_ID, defaultStages } from '#shared/entities/default-pipeline.ts';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { createIdFactory, type TenantId, type UserId } from '#shared/kernel/ids.ts';
import type { Clock, RandomSource } from '#shared/kernel/ports.ts';
import { findAccount, foldEmail, saveAccounts } from '#server/identity/accounts.ts';
import { createPassword } from '#server/identity/create-password.ts';
import { ONE_TIME_LIFETIME_MS } from '#server/identity/one-time-passwords.ts';
import type { Passwords } from '#server/identity/passwords.ts';
import { readOperator } from '#server/platform/operator.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { createTenant } from '#server/store/tenants.ts';
import { seedRecords } from '#server/sync/apply-records.ts';

export interface OrganizationDependencies {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly passwords: Passwords;
}

export interface FoundedOrganization {
  readonly tenantId: TenantId;
  readonly email: string;
  /** Shown once; only its hash is kept. A one-time one when somebody else than its owner asked for it. */
  readonly password: string;
}

/** Throws `duplicate` when the e-mail address already signs in somebody. */
export async function createOrganization(
  { database, clock, random, passwords }: OrganizationDependencies,
  {
    name,
    adminEmail,
    isOneTime = false,
  }: { readonly name: string; readonly adminEmail: string; readonly isOneTime?: boolean },
): Promise<FoundedOrganization> {
  const email = foldEmail(adminEmail);
  const known = await findAccount(database, email);
  if (known.passwordHash !== null)
    throw new OutpostError('duplicate', 'This e-mail address already signs in to an organization.');
  const nowMs = clock.now();
  const tenantId = randomUUID() as TenantId;
  const userId = createIdFactory(clock, random)() as UserId;
  const envelope = (kind: EntityName, id: string) => ({
    id,
    kind,
    rev: 0,
    ownerId: null,
    teamId: null,
    createdAt: toInstant(nowMs),
    createdBy: null,
    updatedAt: toInstant(nowMs),
    updatedBy: null,
  });
  const password = createPassword(random);
  const passwordHash = await passwords.createHash(password);
  await createTenant(database, tenantId, name, nowMs);
  const isOperator = (await readOperator(database)) === tenantId;
  const records: readonly AnyRecord[] = [
    {
      ...envelope('user', userId),
      ownerId: userId,
      name: email.split('@')[0] ?? email,
      email,
      // Somebody must be able to make others super administrators.
      role: isOperator ? 'super_admin' : 'org_admin',
      isActive: true,
    },
    {
      ...envelope('pipeline', DEFAULT_PIPELINE_ID),
      name: 'Sales',
      stages: defaultStages,
      isDefault: true,
      isActive: true,
    },
  ];
  await seedRecords(database, tenantId, records, clock);
  const until = isOneTime ? { oneTimeUntilMs: nowMs + ONE_TIME_LIFETIME_MS } : {};
  await saveAccounts(database, [{ tenantId, userId, email, passwordHash, ...until }], nowMs);
  return { tenantId, email, password };
}
