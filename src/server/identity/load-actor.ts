// Rights come from the records of the organization as they are now: the role and teams of the user's own record, the
// rules of that role, the tree of teams, the territories and shares that reach the user, and the epoch that counts every change of them. Nothing a client or a token
// says takes part.
import type { Actor } from '#shared/access/actor.ts';
import { composeActor, toRoleRights, type RuleRows } from '#shared/access/compose-actor.ts';
import type { TeamNode } from '#shared/access/team-tree.ts';
import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import { operatorColumn, permissionsIn } from '#server/platform/operator.ts';
import { ruleColumns } from '#server/identity/read-rules.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

/** A person with what the rights depend on. */
export interface PersonRow extends RuleRows {
  readonly data: Readonly<Record<string, unknown>>;
  readonly deleted: boolean;
  readonly epoch: number | null;
  readonly territoryRead: readonly string[] | null;
  readonly territoryEdit: readonly string[] | null;
  readonly tenantName: string;
  /** It runs the installation. */
  readonly isOperator: boolean;
  readonly teams: readonly TeamNode[];
}

export interface LoadedActor {
  readonly actor: Actor;
  readonly tenantName: string;
}

const personSql = `
  SELECT person.data, person.deleted, scope.epoch, tenant.name AS "tenantName", ${operatorColumn},
    scope.territory_read AS "territoryRead", scope.territory_edit AS "territoryEdit",
    (SELECT coalesce(jsonb_agg(jsonb_build_object(
        'id', team.id, 'parentId', team.data->>'parentId', 'leadId', team.data->>'leadId')), '[]'::jsonb)
      FROM record team WHERE team.tenant = $1 AND team.coll = 'people' AND team.kind = 'team' AND NOT team.deleted) AS teams,
    ${ruleColumns}
  FROM record person
  JOIN tenant ON tenant.tenant = person.tenant
  LEFT JOIN user_scope scope ON scope.tenant = person.tenant AND scope.user_id = person.id
  WHERE person.tenant = $1 AND person.coll = 'people' AND person.kind = 'user' AND person.id = $2`;

/** The rights a person has by these rows. Null for nobody, and for one who is deleted or deactivated. */
export function buildActor(tenantId: TenantId, userId: UserId, row: PersonRow | undefined): LoadedActor | null {
  if (!row || row.deleted || row.data['isActive'] === false) return null;
  const rights = toRoleRights(row.data['role'], row);
  return {
    tenantName: row.tenantName,
    actor: composeActor({
      tenantId,
      userId,
      data: row.data,
      rights: { ...rights, permissions: permissionsIn(row.isOperator, rights.permissions) },
      teams: row.teams,
      territoryRead: row.territoryRead ?? [],
      territoryEdit: row.territoryEdit ?? [],
      epoch: row.epoch ?? 0,
    }),
  };
}

/** Null when there is no such user, or the user is deleted or deactivated. */
export async function readActor(session: SqlSession, tenantId: TenantId, userId: UserId): Promise<LoadedActor | null> {
  const [row] = await session.query<PersonRow>(personSql, [tenantId, userId]);
  return buildActor(tenantId, userId, row);
}

export function loadActor(database: SqlDatabase, tenantId: TenantId, userId: UserId): Promise<LoadedActor | null> {
  return database.inTenant(tenantId, (session) => readActor(session, tenantId, userId));
}
