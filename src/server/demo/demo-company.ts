// The demo company: an organization like any other, made from a fixed seed, with one account for each built-in role.
// Asking again gives new passwords for the same people, so nobody is ever locked out of a demo; the passwords exist in
// the answer alone. A start that was cut off is taken up where it ended.
import { roleNames } from '#shared/access/actor.ts';
import { DEMO_SEED, generateDemoCompany } from '#shared/demo/generate-company.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import type { Clock, RandomSource } from '#shared/kernel/ports.ts';
import type { DemoGrant } from '#shared/sync/messages.ts';
import { saveAccounts } from '#server/identity/accounts.ts';
import { createPassword } from '#server/identity/create-password.ts';
import type { Passwords } from '#server/identity/passwords.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { createTenant } from '#server/store/tenants.ts';
import { seedRecords } from '#server/sync/apply-records.ts';

const DEMO_TENANT = 'demo' as TenantId;

export interface DemoDependencies {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly passwords: Passwords;
}

export interface Demo {
  /** The company's people of each role with passwords that work from now on. */
  open(): Promise<DemoGrant>;
}

export function createDemo({ database, clock, random, passwords }: DemoDependencies): Demo {
  let hasCompany = false;

  /** Instant the demo was founded, null before. All its dates hang on it, so a second look makes the same company. */
  async function readFoundedAtMs(): Promise<number | null> {
    const rows = await database.inTenant(DEMO_TENANT, (session) =>
      session.query<{ createdAt: number }>('SELECT created_at AS "createdAt" FROM tenant WHERE tenant = $1', [
        DEMO_TENANT,
      ]),
    );
    return rows[0]?.createdAt ?? null;
  }

  async function seedMissing(records: readonly AnyRecord[]): Promise<void> {
    const known = await database.inTenant(DEMO_TENANT, (session) =>
      session.query<{ id: string }>('SELECT id FROM record WHERE tenant = $1', [DEMO_TENANT]),
    );
    const ids = new Set(known.map(({ id }) => id));
    const missing = records.filter((record) => !ids.has(record.id));
    await seedRecords(database, DEMO_TENANT, missing, clock);
  }

  async function openOnce(): Promise<DemoGrant> {
    const foundedAtMs = await readFoundedAtMs();
    const nowMs = foundedAtMs ?? clock.now();
    const company = generateDemoCompany({ seed: DEMO_SEED, nowMs });
    if (foundedAtMs === null) await createTenant(database, DEMO_TENANT, company.name, nowMs);
    const people = roleNames.flatMap((role) => company.users.filter((user) => user.role === role).slice(0, 1));
    const known = people.map((person) => ({ person, password: createPassword(random) }));
    const [hashes] = await Promise.all([
      Promise.all(known.map(({ password }) => passwords.createHash(password))),
      hasCompany ? null : seedMissing(Object.values(company.records).flat()),
    ]);
    await saveAccounts(
      database,
      known.map(({ person }, index) => ({
        tenantId: DEMO_TENANT,
        userId: person.id as UserId,
        email: person.email,
        passwordHash: hashes[index] ?? '',
      })),
      clock.now(),
    );
    hasCompany = true;
    return {
      company: company.name,
      users: known.map(({ person, password }) => ({
        name: person.name,
        email: person.email,
        role: person.role,
        password,
      })),
    };
  }

  // Two clicks at once must not found two companies.
  let last: Promise<unknown> = Promise.resolve();
  return {
    open() {
      const grant = last.then(openOnce, openOnce);
      last = grant;
      return grant;
    },
  };
}
