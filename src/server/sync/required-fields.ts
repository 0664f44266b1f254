// The custom fields a batch must fill in: the definitions of required ones of the entities it makes records of.
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { isCustomizable } from '#shared/entities/custom-field/custom-slots.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Operation } from '#shared/sync/operation.ts';
import type { SqlSession } from '#server/store/database.ts';

/** Entities with custom fields of which there are new records among these operations. */
export function entitiesMade(operations: readonly Operation[]): readonly string[] {
  const made = operations.flatMap(({ kind, entity }) => (kind === 'create' && isCustomizable(entity) ? [entity] : []));
  return [...new Set(made)];
}

export async function readRequiredFields(
  session: SqlSession,
  tenantId: TenantId,
  operations: readonly Operation[],
): Promise<readonly AnyRecord[]> {
  const made = entitiesMade(operations);
  if (made.length === 0) return [];
  const rows = await session.query<{ data: AnyRecord }>(
    `SELECT data FROM record WHERE tenant = $1 AND kind = 'customField' AND NOT deleted
       AND data->>'isRequired' = 'true' AND data->>'entity' = ANY($2::text[])`,
    [tenantId, made],
  );
  return rows.map(({ data }) => data);
}
