// What an installation decided for all its organizations: plans, features, policies. Few and small, read where they are needed.
import { Value } from 'typebox/value';
import type { TSchema, Static } from 'typebox';
import { FeatureRulesSchema, type FeatureRules } from '#shared/platform/features.ts';
import { PlanSchema, withUnlimited, type Plan } from '#shared/platform/plans.ts';
import { OwnPoliciesSchema, usualPolicies, type Policies } from '#shared/platform/policies.ts';
import { Type } from 'typebox';
import type { SqlSession } from '#server/store/database.ts';

/** Sent at the commit of a change that processes keep at hand: payload is empty. */
export const PLATFORM_CHANNEL = 'outpost_platform';

const schemas = {
  plans: Type.Array(PlanSchema),
  features: FeatureRulesSchema,
  policies: OwnPoliciesSchema,
} satisfies Record<string, TSchema>;
type SettingName = keyof typeof schemas;

/** What is kept under a name; null when nothing is, or not of this release's kind. */
async function readSetting<Name extends SettingName>(
  session: SqlSession,
  name: Name,
): Promise<Static<(typeof schemas)[Name]> | null> {
  const [row] = await session.query<{ value: unknown }>('SELECT value FROM platform_setting WHERE name = $1', [name]);
  const schema: TSchema = schemas[name];
  return row !== undefined && Value.Check(schema, row.value) ? (row.value as Static<(typeof schemas)[Name]>) : null;
}

export async function writeSetting(session: SqlSession, name: SettingName, value: unknown): Promise<void> {
  await session.query(
    `INSERT INTO platform_setting (name, value) VALUES ($1, $2)
     ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
    [name, JSON.stringify(value)],
  );
  await session.query('SELECT pg_notify($1, $2)', [PLATFORM_CHANNEL, '']);
}

export async function readPlans(session: SqlSession): Promise<readonly Plan[]> {
  return withUnlimited((await readSetting(session, 'plans')) ?? []);
}

export async function readFeatures(session: SqlSession): Promise<FeatureRules> {
  return (await readSetting(session, 'features')) ?? {};
}

export async function readPlatformPolicies(session: SqlSession): Promise<Policies> {
  return { ...usualPolicies, ...(await readSetting(session, 'policies')) };
}
