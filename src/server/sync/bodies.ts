// Bodies of records a device names, as its user may see them now. Whatever cannot be seen is answered alike, so that
// naming ids tells nothing about what exists.
import type { Actor } from '#shared/access/actor.ts';
import { meets } from '#shared/access/scope.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { MOST_BODIES, type BodiesRequest, type BodiesResponse } from '#shared/sync/messages.ts';
import { keySetOfKind, readPlanOf } from '#server/sync/keys.ts';
import { withTokens } from '#server/sync/mask-tokens.ts';
import { readOwnHead } from '#server/sync/position.ts';
import { toGoneJson, toPutJsons } from '#server/sync/pull-items.ts';
import type { SyncDependencies } from '#server/sync/push.ts';
import { scopeChangedSince } from '#server/sync/reach.ts';
import type { SyncTransaction } from '#server/sync/sync-store.ts';

/**
 * The JSON text of a BodiesResponse.
 * @throws OutpostError `scope_changed` with what to purge when the request is of other rights; `invalid` for too many ids.
 */
export async function bodiesJson(deps: SyncDependencies, actor: Actor, request: BodiesRequest): Promise<string> {
  const count = request.places.reduce((sum, { ids }) => sum + ids.length, 0);
  if (count > MOST_BODIES)
    throw new OutpostError('invalid', `At most ${MOST_BODIES} records can be asked for at once.`, {
      most: MOST_BODIES,
    });
  if (request.epoch !== actor.epoch) throw await scopeChangedSince(deps.store, actor, request.epoch);
  const tenantId = actor.tenantId as TenantId;
  const maskSecret = await deps.store.readMaskSecret();
  const read = async (transaction: SyncTransaction) => {
    await readOwnHead(transaction, actor);
    const plan = readPlanOf(actor);
    const context = { transaction, actor, plan, limit: MOST_BODIES, maskSecret };
    const items: string[] = [];
    for (const { coll, ids } of request.places) {
      const rows = await transaction.readTexts(ids.map((id) => ({ coll, id })));
      const visible = rows.filter((row) => {
        const keySet = keySetOfKind(plan, row.kind);
        return row.coll === coll && !row.isDeleted && keySet !== null && meets(keySet, row.scopeKeys);
      });
      const puts = await toPutJsons(context, visible);
      const found = new Map(visible.map((row, index) => [row.id, puts[index] ?? null]));
      for (const id of new Set(ids)) items.push(found.get(id) ?? toGoneJson('remove', coll, id));
    }
    return items;
  };
  const items = await withTokens(deps.store, tenantId, () => deps.store.inTenant(tenantId, read, { snapshot: true }));
  const rest: Omit<BodiesResponse, 'items'> = { serverTime: toInstant(deps.clock.now()) };
  return `{"items":[${items.join(',')}],${JSON.stringify(rest).slice(1)}`;
}
