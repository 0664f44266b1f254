// The rules that hold for a role, from the records of an organization: a custom role's grants, field rules, the registry
// of personal data. Compiled here into what one user may do; the rules themselves and those of other roles stay here.
import { compileFieldPolicy } from '#shared/access/compile-field-policy.ts';
import type { FieldPolicy } from '#shared/access/field-policy.ts';
import type { MaskRule } from '#shared/access/masking.ts';
import type { RoleGrants } from '#shared/access/role-shape.ts';
import { builtInRoles, isBuiltInRole } from '#shared/access/roles.ts';
import { toFieldRule } from '#shared/entities/field-rule/field-rule.ts';
import { toMaskRule, toPiiEntry } from '#shared/entities/field-rule/pii-rule.ts';
import { grantsOfRole } from '#shared/entities/role/role.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { SqlSession } from '#server/store/database.ts';

type Data = Readonly<Record<string, unknown>>;

/** What stands in the database about one role. */
export interface RuleRows {
  /** The custom role; null for a built-in one, and for one that was deleted. */
  readonly role: Data | null;
  readonly rules: readonly { readonly kind: string; readonly data: Data }[];
}

/** Columns `role` and `rules` of a statement in which `person` is the record of a user and $1 the tenant. */
export const ruleColumns = `
    (SELECT held.data FROM record held WHERE held.tenant = $1 AND held.kind = 'role' AND held.coll = 'catalog'
      AND held.id = person.data->>'role' AND NOT held.deleted) AS role,
    (SELECT coalesce(json_agg(json_build_object('kind', rule.kind, 'data', rule.data)), '[]'::json) FROM record rule
      WHERE rule.tenant = $1 AND rule.kind IN ('role', 'fieldRule', 'piiRule') AND rule.coll = 'catalog' AND NOT rule.deleted
        AND (rule.kind = 'piiRule' OR (rule.kind = 'fieldRule' AND rule.data->>'role' IN ('*', person.data->>'role')))) AS rules`;

/** The weakest role stands in for one that nobody knows. */
const FALLBACK = 'viewer';

export interface RoleRights extends RoleGrants {
  readonly role: string;
  /** Null for a built-in role. */
  readonly roleName: string | null;
  readonly fields: FieldPolicy;
}

export function toRoleRights(named: unknown, { role, rules }: RuleRows): RoleRights {
  const name = typeof named === 'string' && (isBuiltInRole(named) || role !== null) ? named : FALLBACK;
  const grants = isBuiltInRole(name) ? builtInRoles[name] : grantsOfRole(role ?? {});
  const fields = compileFieldPolicy({
    role: name,
    rules: rules.filter(({ kind }) => kind === 'fieldRule').map(({ data }) => toFieldRule(data)),
    pii: rules.filter(({ kind }) => kind === 'piiRule').map(({ data }) => toPiiEntry(data)),
  });
  const roleName = isBuiltInRole(name) ? null : textOf(role?.['name']);
  return { ...grants, role: name, roleName, fields };
}

/** How masked fields are masked, by `entity.field`. */
export async function readMaskRules(session: SqlSession, tenantId: TenantId): Promise<ReadonlyMap<string, MaskRule>> {
  const rows = await session.query<{ data: Data }>(
    `SELECT data FROM record WHERE tenant = $1 AND kind = 'piiRule' AND kind IN ('role', 'fieldRule', 'piiRule')
       AND coll = 'catalog' AND NOT deleted ORDER BY id`,
    [tenantId],
  );
  return new Map(rows.map(({ data }) => [`${String(data['entity'])}.${String(data['field'])}`, toMaskRule(data)]));
}
