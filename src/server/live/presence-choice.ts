// A user's own choice to appear offline, the same for all devices of the user. Nobody else can read it: who appears offline
// looks like who is not there.
import type { Actor } from '#shared/access/actor.ts';
import { keySetOf, meets } from '#shared/access/scope.ts';
import { user } from '#shared/entities/user/user.ts';
import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import { readActor } from '#server/identity/load-actor.ts';
import type { PresenceFacts } from '#server/live/presence.ts';
import type { SqlDatabase } from '#server/store/database.ts';

/** Sent at the commit of a changed choice: payload is JSON of {@link ChoiceNotice}. */
export const CHOICE_CHANNEL = 'outpost_presence_choice';

export interface ChoiceNotice {
  readonly tenantId: string;
  readonly userId: string;
}

export function readAppearsOffline(db: SqlDatabase, actor: Actor): Promise<boolean> {
  return db.inTenant(actor.tenantId as TenantId, async (session) => {
    const rows = await session.query('SELECT 1 AS one FROM appears_offline WHERE tenant = $1 AND user_id = $2', [
      actor.tenantId,
      actor.userId,
    ]);
    return rows.length > 0;
  });
}

export async function writeAppearsOffline(db: SqlDatabase, actor: Actor, appearsOffline: boolean): Promise<void> {
  const { tenantId, userId } = actor;
  const statement = appearsOffline
    ? 'INSERT INTO appears_offline (tenant, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING'
    : 'DELETE FROM appears_offline WHERE tenant = $1 AND user_id = $2';
  await db.inTenant(tenantId as TenantId, async (session) => {
    await session.query(statement, [tenantId, userId]);
    const notice: ChoiceNotice = { tenantId, userId };
    await session.query('SELECT pg_notify($1, $2)', [CHOICE_CHANNEL, JSON.stringify(notice)]);
  });
}

/** What decides about a user's presence, as it is now; null for somebody who may not connect. */
export function loadPresenceFacts(db: SqlDatabase, tenantId: string, userId: string): Promise<PresenceFacts | null> {
  return db.inTenant(tenantId as TenantId, async (session) => {
    const loaded = await readActor(session, tenantId as TenantId, userId as UserId);
    if (loaded === null) return null;
    const [row] = await session.query<{ keys: readonly string[]; hides: boolean }>(
      `SELECT person.scope_keys AS keys, EXISTS (
         SELECT 1 FROM appears_offline WHERE tenant = $1 AND user_id = $2) AS hides
       FROM record person WHERE person.tenant = $1 AND person.coll = 'people' AND person.id = $2`,
      [tenantId, userId],
    );
    const keySet = keySetOf(loaded.actor, user, 'read');
    return { keys: row?.keys ?? [], isShown: row?.hides === false, sees: (keys) => meets(keySet, keys) };
  });
}
