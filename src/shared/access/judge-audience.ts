// Who may decide who sees a record: whoever changes it as its owner, for the own team, or for the whole organization. A
// territory or a share lets change what a record says, never whose it is, where it belongs or with whom it is shared, so
// that nobody keeps by an own hand what was only lent. And nobody is shared with by themselves.
import type { Actor } from '#shared/access/actor.ts';
import { refuse } from '#shared/access/refusals.ts';
import { isInOwnReach } from '#shared/access/scope.ts';
import { isShareable, sharesOf } from '#shared/access/shares.ts';
import type { AnyRecord, EntityDefinition } from '#shared/entities/define-entity.ts';
import { ok, type Result } from '#shared/kernel/result.ts';

/** Fields, and the group of the first two, that decide who sees a record. */
export const audienceFields: readonly string[] = ['owner', 'ownerId', 'teamId', 'territoryId', 'shares'];

/** Judges a change that touches the named fields. `before` is null for a new record, `after` for a question about a button. */
export function judgeAudience(
  actor: Actor,
  definition: EntityDefinition,
  before: AnyRecord | null,
  after: AnyRecord | null,
  touched: readonly string[],
): Result<true> {
  if (!isShareable(definition)) return ok(true);
  const touchesAudience = touched.some((field) => audienceFields.includes(field));
  if (before !== null && touchesAudience && !isInOwnReach(actor, definition, 'update', before)) {
    return refuse(
      definition,
      `You can change this ${definition.label.toLowerCase()}, but not who sees it: it reaches you through a territory or a share. Its owner, a team manager or an administrator can.`,
      { reason: 'lent' },
    );
  }
  if (after !== null && isSharedWith(after, actor.userId) && (before === null || !isSharedWith(before, actor.userId))) {
    return refuse(definition, 'You cannot share a record with yourself.', { reason: 'shareSelf' });
  }
  return ok(true);
}

function isSharedWith(record: AnyRecord, userId: string): boolean {
  return sharesOf(record).some((share) => share.kind === 'user' && share.id === userId);
}
