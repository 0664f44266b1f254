// Where the super administrators of an installation live: in one organization of it, the first that was founded. Their rights
// over the others come from being its super administrators, and nobody of another organization has them, whatever a role of
// theirs says.
import { platformPermissions, type PermissionName } from '#shared/access/permissions.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

/** A column `isOperator` of a statement in which $1 is the organization. */
export const operatorColumn = `EXISTS (SELECT 1 FROM platform_operator operator WHERE operator.tenant = $1) AS "isOperator"`;

/** Rights as they hold in an organization: those over the installation only in the operator's. */
export function permissionsIn(isOperator: boolean, permissions: readonly PermissionName[]): readonly PermissionName[] {
  return isOperator ? permissions : permissions.filter((name) => !Object.hasOwn(platformPermissions, name));
}

/** The first organization becomes the operator's; every later one finds the place taken. Within its own transaction. */
export async function claimOperator(session: SqlSession, tenantId: TenantId): Promise<void> {
  await session.query('INSERT INTO platform_operator (tenant) VALUES ($1) ON CONFLICT DO NOTHING', [tenantId]);
}

/** Null as long as there is no organization. */
export async function readOperator(database: SqlDatabase): Promise<TenantId | null> {
  const [row] = await database.transaction((session) =>
    session.query<{ tenant: TenantId }>('SELECT tenant FROM platform_operator'),
  );
  return row?.tenant ?? null;
}

/** Another organization runs the installation from now on. Decided by whoever has the database, never by a user. */
export async function moveOperator(database: SqlDatabase, tenantId: TenantId): Promise<void> {
  const moved = await database.transaction(async (session) => {
    const known = await session.query('SELECT 1 AS one FROM platform_organization WHERE tenant = $1', [tenantId]);
    if (known.length === 0) return false;
    await session.query('UPDATE platform_operator SET tenant = $1', [tenantId]);
    return true;
  });
  if (!moved) throw new OutpostError('not_found', 'There is no such organization.');
}
