// For whom somebody may set goals, asked of `can()` with the person or team it would be for: nobody is offered who would be
// refused.
import type { Actor } from '#shared/access/actor.ts';
import { can } from '#shared/access/can.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';

export function maySetGoalFor(actor: Actor, subject: AnyRecord): boolean {
  const isPerson = subject.kind === 'user';
  if (isPerson && subject['isActive'] === false) return false;
  const whose = isPerson
    ? { userId: subject.id, ownerId: subject.id, teamId: subject.teamId }
    : { forTeamId: subject.id, ownerId: actor.userId, teamId: subject.id };
  const stamps = { createdAt: '', createdBy: null, updatedAt: '', updatedBy: null };
  const after: AnyRecord = { id: 'asked', kind: 'goal', rev: 0, ...stamps, ...whose };
  return can({ actor, action: 'create', definition: entities.goal, before: null, after, subject, fields: [] }).ok;
}
