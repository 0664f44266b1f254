// What a user reaches, remembered by epoch. Whoever gives out a position writes down what its user could see then; when
// that position comes back after the rights changed, the difference tells the device what to purge.
import type { Actor } from '#shared/access/actor.ts';
import { openFieldPolicy } from '#shared/access/field-policy.ts';
import { keySetOf, type KeySet } from '#shared/access/scope.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { ScopeDrop } from '#shared/sync/messages.ts';
import { dropBetween, type Reach } from '#shared/sync/scope-drop.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

/** Older ones are forgotten: a device that held them reconciles without a list. */
const EPOCHS_KEPT = 100;

export function reachOf(actor: Actor): Reach {
  const scopes: Partial<Record<EntityName, KeySet>> = {};
  for (const definition of Object.values(entities)) {
    const keySet = keySetOf(actor, definition, 'read');
    if (keySet.all || keySet.keys.length > 0) scopes[definition.name] = keySet;
  }
  return { scopes, fields: actor.fields ?? openFieldPolicy };
}

/** Writes down what this user reaches at the present epoch. Once written it stays: an epoch is one set of rights. */
export async function rememberReach(db: SqlDatabase, actor: Actor): Promise<void> {
  const tenantId = actor.tenantId as TenantId;
  await db.inTenant(tenantId, async (session) => {
    const added = await session.query<{ epoch: number }>(
      `INSERT INTO user_reach (tenant, user_id, epoch, reach) VALUES ($1, $2, $3, $4::json)
       ON CONFLICT DO NOTHING RETURNING epoch`,
      [tenantId, actor.userId, actor.epoch, JSON.stringify(reachOf(actor))],
    );
    if (added.length === 0) return;
    await session.query('DELETE FROM user_reach WHERE tenant = $1 AND user_id = $2 AND epoch <= $3', [
      tenantId,
      actor.userId,
      actor.epoch - EPOCHS_KEPT,
    ]);
  });
}

/** What the user lost since an epoch; null when nobody knows any more what was in reach then. */
export async function dropSince(session: SqlSession, actor: Actor, epoch: number): Promise<ScopeDrop | null> {
  const rows = await session.query<{ reach: Reach }>(
    'SELECT reach FROM user_reach WHERE tenant = $1 AND user_id = $2 AND epoch = $3',
    [actor.tenantId, actor.userId, epoch],
  );
  const [row] = rows;
  return row === undefined ? null : dropBetween(row.reach, reachOf(actor));
}

/** The answer to a request with the rights of another epoch: no data, and what to purge first. */
export function scopeChanged(epoch: number, drop: ScopeDrop | null): OutpostError {
  const lost = drop === null ? {} : { dropScopes: drop.scopes, dropFields: drop.fields };
  return new OutpostError('scope_changed', 'Your access has changed. What you may not see any more is removed first.', {
    epoch,
    ...lost,
  });
}

export async function scopeChangedSince(db: SqlDatabase, actor: Actor, epoch: number): Promise<OutpostError> {
  const drop = await db.inTenant(actor.tenantId as TenantId, (session) => dropSince(session, actor, epoch));
  return scopeChanged(actor.epoch, drop);
}
