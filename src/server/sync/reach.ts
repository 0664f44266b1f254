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
import type { SyncStore, SyncTransaction } from '#server/sync/sync-store.ts';

export function reachOf(actor: Actor): Reach {
  const scopes: Partial<Record<EntityName, KeySet>> = {};
  for (const definition of Object.values(entities)) {
    const keySet = keySetOf(actor, definition, 'read');
    if (keySet.all || keySet.keys.length > 0) scopes[definition.name] = keySet;
  }
  return { scopes, fields: actor.fields ?? openFieldPolicy };
}

/** Writes down what this user reaches at the present epoch. */
export async function rememberReach(store: SyncStore, actor: Actor): Promise<void> {
  await store.inTenant(actor.tenantId as TenantId, (transaction) =>
    transaction.writeReach(actor.userId, actor.epoch, reachOf(actor)),
  );
}

/** What the user lost since an epoch; null when nobody knows any more what was in reach then. */
export async function dropSince(transaction: SyncTransaction, actor: Actor, epoch: number): Promise<ScopeDrop | null> {
  const reach = await transaction.readReach(actor.userId, epoch);
  return reach === null ? null : dropBetween(reach, reachOf(actor));
}

/** The answer to a request with the rights of another epoch: no data, and what to purge first. */
export function scopeChanged(epoch: number, drop: ScopeDrop | null): OutpostError {
  const lost = drop === null ? {} : { dropScopes: drop.scopes, dropFields: drop.fields };
  return new OutpostError('scope_changed', 'Your access has changed. What you may not see any more is removed first.', {
    epoch,
    ...lost,
  });
}

export async function scopeChangedSince(store: SyncStore, actor: Actor, epoch: number): Promise<OutpostError> {
  const drop = await store.inTenant(actor.tenantId as TenantId, (transaction) => dropSince(transaction, actor, epoch));
  return scopeChanged(actor.epoch, drop);
}
