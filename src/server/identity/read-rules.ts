// Where the rules that hold for a role stand in the records of an organization: a custom role's grants, field rules, the registry
// of personal data. They are compiled into what one user may do (compose-actor.ts); the rules themselves stay here.
import type { MaskRule } from '#shared/access/masking.ts';
import { toMaskRule } from '#shared/entities/field-rule/pii-rule.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { SqlSession } from '#server/store/database.ts';

type Data = Readonly<Record<string, unknown>>;

/** Columns `role` and `rules` of a statement in which `person` is the record of a user and $1 the tenant. */
export const ruleColumns = `
    (SELECT held.data FROM record held WHERE held.tenant = $1 AND held.kind = 'role' AND held.coll = 'catalog'
      AND held.id = person.data->>'role' AND NOT held.deleted) AS role,
    (SELECT coalesce(json_agg(json_build_object('kind', rule.kind, 'data', rule.data)), '[]'::json) FROM record rule
      WHERE rule.tenant = $1 AND rule.kind IN ('role', 'fieldRule', 'piiRule') AND rule.coll = 'catalog' AND NOT rule.deleted
        AND (rule.kind = 'piiRule' OR (rule.kind = 'fieldRule' AND rule.data->>'role' IN ('*', person.data->>'role')))) AS rules`;

/** How masked fields are masked, by `entity.field`. */
export async function readMaskRules(session: SqlSession, tenantId: TenantId): Promise<ReadonlyMap<string, MaskRule>> {
  const rows = await session.query<{ data: Data }>(
    `SELECT data FROM record WHERE tenant = $1 AND kind = 'piiRule' AND kind IN ('role', 'fieldRule', 'piiRule')
       AND coll = 'catalog' AND NOT deleted ORDER BY id`,
    [tenantId],
  );
  return new Map(rows.map(({ data }) => [`${String(data['entity'])}.${String(data['field'])}`, toMaskRule(data)]));
}
