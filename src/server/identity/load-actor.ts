// Rights come from the records of the organization as they are now: the role and teams of the user's own record, the
// rules of that role, the tree of teams, and the epoch that counts every change of them. Nothing a client or a token
// says takes part.
import type { Actor } from '#shared/access/actor.ts';
import { collectTeamIds, type TeamNode } from '#shared/access/team-tree.ts';
import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import { ruleColumns, toRoleRights, type RuleRows } from '#server/identity/read-rules.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

interface PersonRow extends RuleRows {
  readonly data: Readonly<Record<string, unknown>>;
  readonly deleted: boolean;
  readonly epoch: number | null;
  readonly tenantName: string;
  readonly teams: readonly TeamNode[];
}

export interface LoadedActor {
  readonly actor: Actor;
  readonly tenantName: string;
}

const personSql = `
  SELECT person.data, person.deleted, scope.epoch, tenant.name AS "tenantName",
    (SELECT coalesce(jsonb_agg(jsonb_build_object(
        'id', team.id, 'parentId', team.data->>'parentId', 'leadId', team.data->>'leadId')), '[]'::jsonb)
      FROM record team WHERE team.tenant = $1 AND team.coll = 'people' AND team.kind = 'team' AND NOT team.deleted) AS teams,
    ${ruleColumns}
  FROM record person
  JOIN tenant ON tenant.tenant = person.tenant
  LEFT JOIN user_scope scope ON scope.tenant = person.tenant AND scope.user_id = person.id
  WHERE person.tenant = $1 AND person.coll = 'people' AND person.kind = 'user' AND person.id = $2`;

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Null when there is no such user, or the user is deleted or deactivated. */
export async function readActor(session: SqlSession, tenantId: TenantId, userId: UserId): Promise<LoadedActor | null> {
  const [row] = await session.query<PersonRow>(personSql, [tenantId, userId]);
  if (!row || row.deleted || row.data['isActive'] === false) return null;
  const { role, roleName, permissions, scopes, fields } = toRoleRights(row.data['role'], row);
  const teamId = typeof row.data['teamId'] === 'string' ? row.data['teamId'] : null;
  return {
    tenantName: row.tenantName,
    actor: {
      tenantId,
      userId,
      name: textOf(row.data['name']),
      email: textOf(row.data['email']),
      role,
      ...(roleName === null ? {} : { roleName, scopes }),
      ...(Object.keys(fields).length === 0 ? {} : { fields }),
      teamIds: collectTeamIds(userId, teamId, row.teams),
      permissions,
      epoch: row.epoch ?? 0,
    },
  };
}

export function loadActor(database: SqlDatabase, tenantId: TenantId, userId: UserId): Promise<LoadedActor | null> {
  return database.inTenant(tenantId, (session) => readActor(session, tenantId, userId));
}
