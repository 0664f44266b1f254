import { customDefinitions, type Definitions } from '#shared/entities/custom-field/custom-definitions.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { SqlSession } from '#server/store/database.ts';

/** The entities with the fields an organization defined. */
export async function readDefinitions(session: SqlSession, tenantId: TenantId): Promise<Definitions> {
  const rows = await session.query<{ data: AnyRecord }>(
    `SELECT data FROM record WHERE tenant = $1 AND coll = $2 AND kind = 'customField' AND NOT deleted ORDER BY id`,
    [tenantId, entities.customField.collection],
  );
  return customDefinitions(rows.map(({ data }) => data));
}
