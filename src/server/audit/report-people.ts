// The people of an organization as compliance reports list them: as the reader sees their records, with when they signed in
// last and how many sessions of theirs are open.
import type { Actor } from '#shared/access/actor.ts';
import { project } from '#shared/access/project.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { SqlSession } from '#server/store/database.ts';

export interface Person {
  readonly name: string;
  readonly email: string;
  readonly role: string;
  readonly team: string;
  readonly isActive: boolean;
  readonly createdAt: string;
  readonly lastSignIn: string | null;
  readonly sessions: number;
  readonly factors: readonly string[];
}

interface PersonRow {
  readonly data: AnyRecord;
  readonly team: string | null;
  readonly role: string | null;
  readonly lastSignIn: number | null;
  readonly sessions: number;
}

/** Text as it is shown; what is masked stays masked. */
function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null && '$masked' in value ? String(value.$masked) : '';
}

/** Confirmed second factors by user. */
async function readFactors(session: SqlSession, tenantId: TenantId): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await session.query<{ id: string; kinds: readonly string[] }>(
    `SELECT user_id AS id, array_agg(DISTINCT kind ORDER BY kind) AS kinds FROM second_factor
     WHERE tenant = $1 AND confirmed_at IS NOT NULL GROUP BY user_id`,
    [tenantId],
  );
  return new Map(rows.map(({ id, kinds }) => [id, kinds]));
}

/** By name. */
export async function readPeople(session: SqlSession, actor: Actor): Promise<readonly Person[]> {
  const tenantId = actor.tenantId as TenantId;
  const rows = await session.query<PersonRow>(
    `SELECT u.data, t.data->>'name' AS team, o.data->>'name' AS role,
       (SELECT max(s.created_at) FROM session s WHERE s.tenant = u.tenant AND s.user_id = u.id) AS "lastSignIn",
       (SELECT count(*) FROM session s WHERE s.tenant = u.tenant AND s.user_id = u.id AND s.revoked_at IS NULL) AS sessions
     FROM record u
     LEFT JOIN record t ON t.tenant = u.tenant AND t.coll = 'people' AND t.id = u.data->>'teamId'
     LEFT JOIN record o ON o.tenant = u.tenant AND o.coll = 'catalog' AND o.kind = 'role' AND o.id = u.data->>'role'
     WHERE u.tenant = $1 AND u.coll = 'people' AND u.kind = 'user' AND NOT u.deleted ORDER BY u.data->>'name', u.id`,
    [tenantId],
  );
  const factors = await readFactors(session, tenantId);
  return rows.flatMap(({ data, team, role, lastSignIn, sessions }) => {
    const seen = project(actor, entities.user, data);
    if (seen === null) return [];
    return [
      {
        name: shown(seen['name']),
        email: shown(seen['email']),
        role: role ?? shown(seen['role']),
        team: team ?? '',
        isActive: data['isActive'] !== false,
        createdAt: data.createdAt,
        lastSignIn: lastSignIn === null ? null : toInstant(lastSignIn),
        sessions,
        factors: factors.get(data.id) ?? [],
      },
    ];
  });
}
