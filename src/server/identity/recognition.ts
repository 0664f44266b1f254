// The caller behind a session, with the rights of this moment. Those who ask at once are answered together. What the rights
// are made of is read again only after it changed: every change of rights raises the user's epoch in its own transaction, so
// rights that were read before stand as long as the epoch and the person's own record are the same, and both are read with
// every request, in one statement with the session. A right that was revoked is gone with the commit that revoked it.
import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { type LoadedActor, readActor } from '#server/identity/load-actor.ts';
import { gateColumns, type GateRow } from '#server/platform/gate.ts';
import { operatorColumn } from '#server/platform/operator.ts';
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

interface SessionRow extends SessionEnd, GateRow {
  readonly sessionId: string;
  readonly userId: string;
  readonly deviceId: string;
  readonly epoch: number | null;
  /** The person's own record; null for nobody. */
  readonly person: string | null;
  /** Of support staff: when their access ends. */
  readonly accessUntil: number | null;
  /** Of the organization that runs the installation. */
  readonly isOperator: boolean;
}

interface Known {
  readonly epoch: number | null;
  readonly person: string;
  readonly isOperator: boolean;
  readonly loaded: LoadedActor;
}

/** So many share a transaction: with more, the first of them would wait for the last. */
const MOST_TOGETHER = 64;
/** People whose rights are kept at hand; whoever did not come for longest goes. */
const MOST_KNOWN = 5_000;

const sessionsSql = `
  SELECT session.session_id AS "sessionId", session.user_id AS "userId", session.device AS "deviceId",
    session.expires_at AS "expiresAt", session.revoked_at AS "revokedAt", session.revoke_reason AS reason, scope.epoch,
    CASE WHEN person.deleted THEN NULL ELSE person.data::text END AS person, access.until AS "accessUntil",
    ${operatorColumn}, ${gateColumns}
  FROM session
  LEFT JOIN user_scope scope ON scope.tenant = session.tenant AND scope.user_id = session.user_id
  LEFT JOIN record person ON person.tenant = session.tenant AND person.coll = 'people' AND person.id = session.user_id
    AND person.kind = 'user'
  LEFT JOIN support_access access ON access.tenant = session.tenant AND access.user_id = session.user_id
  WHERE session.tenant = $1 AND session.session_id = ANY($2::text[])`;

const absent: Recognised = { state: 'absent', loaded: null, deviceId: '', gate: null };

export function createRecognition(database: SqlDatabase, clock: Clock): (place: SessionPlace) => Promise<Recognised> {
  const known = new Map<string, Known>();
  const queues = new Map<string, (sessionId: string) => Promise<Recognised>>();

  async function load(session: SqlSession, tenantId: TenantId, row: SessionRow): Promise<LoadedActor | null> {
    const { userId, epoch, person, isOperator } = row;
    const name = `${tenantId} ${userId}`;
    const before = known.get(name);
    known.delete(name);
    if (person === null) return null;
    const isSame =
      before !== undefined && before.epoch === epoch && before.person === person && before.isOperator === isOperator;
    const loaded = isSame ? before.loaded : await readActor(session, tenantId, userId as UserId);
    if (loaded === null) return null;
    known.set(name, { epoch, person, isOperator, loaded });
    const [oldest] = known.keys();
    if (known.size > MOST_KNOWN && oldest !== undefined) known.delete(oldest);
    return loaded;
  }

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
