// The caller behind a session, with the rights of this moment. Those who ask at once are answered together. What the rights
// are made of is read again only after it changed (`known-people.ts`): what tells is read with every request, in one statement
// with the session. A right that was revoked is gone with the commit that revoked it.
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import {
  createKnownPeople,
  type LoadPerson,
  type PersonMark,
  personColumns,
  personJoins,
} from '#server/identity/known-people.ts';
import type { LoadedActor } from '#server/identity/load-actor.ts';
import { gateColumns, type GateRow } from '#server/platform/gate.ts';
import { type SessionEnd, type SessionState, stateOf } from '#server/identity/sessions.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';
import { createGroupCommit, type Settled } from '#server/sync/group-commit.ts';

interface SessionPlace {
  readonly tenantId: string;
  readonly sessionId: string;
}

/** A session that somebody presents. */
interface Recognised {
  readonly state: SessionState;
  /** Null for somebody who is deleted or deactivated. */
  readonly loaded: LoadedActor | null;
  readonly deviceId: string;
  /** Whether the organization is open; null for no session. */
  readonly gate: GateRow | null;
}

interface SessionRow extends SessionEnd, PersonMark, GateRow {
  readonly sessionId: string;
  readonly deviceId: string;
}

/** So many share a transaction: with more, the first of them would wait for the last. */
const MOST_TOGETHER = 64;
const sessionsSql = `
  SELECT session.session_id AS "sessionId", session.user_id AS "userId", session.device AS "deviceId",
    session.expires_at AS "expiresAt", session.revoked_at AS "revokedAt", session.revoke_reason AS reason, ${personColumns},
    ${gateColumns}
  FROM session ${personJoins('session')}
  WHERE session.tenant = $1 AND session.session_id = ANY($2::text[])`;

const absent: Recognised = { state: 'absent', loaded: null, deviceId: '', gate: null };

export function createRecognition(
  database: SqlDatabase,
  clock: Clock,
  load: LoadPerson = createKnownPeople(),
): (place: SessionPlace) => Promise<Recognised> {
  const queues = new Map<string, (sessionId: string) => Promise<Recognised>>();

  async function recogniseAll(
    session: SqlSession,
    tenantId: TenantId,
    sessionIds: readonly string[],
  ): Promise<readonly Settled<Recognised>[]> {
    const rows = await session.query<SessionRow>(sessionsSql, [tenantId, sessionIds]);
    const nowMs = clock.now();
    const found = new Map<string, Recognised>();
    for (const row of rows) {
      // A time-boxed access is over at its instant, also before anybody has cleaned up behind it.
      const isOver = row.accessUntil !== null && row.accessUntil <= nowMs;
      const loaded = isOver ? null : await load(session, tenantId, row);
      found.set(row.sessionId, { state: stateOf(row, nowMs), loaded, deviceId: row.deviceId, gate: row });
    }
    return sessionIds.map((id) => ({ ok: true, value: found.get(id) ?? absent }));
  }

  function queueOf(tenantId: TenantId): (sessionId: string) => Promise<Recognised> {
    const queue =
      queues.get(tenantId) ??
      createGroupCommit<string, Recognised>({
        run: (sessionIds) =>
          database.inTenant(tenantId, (session) => recogniseAll(session, tenantId, sessionIds), {
            snapshot: true,
            isHurried: true,
          }),
        fits: (chosen) => chosen.length < MOST_TOGETHER,
      });
    queues.set(tenantId, queue);
    return queue;
  }

  return ({ tenantId, sessionId }) => queueOf(tenantId as TenantId)(sessionId);
}
