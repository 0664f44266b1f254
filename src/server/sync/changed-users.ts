import type { UserId } from '#shared/kernel/ids.ts';
import type { ChangedUser } from '#server/identity/follow-users.ts';
import type { CommitOutcome } from '#server/sync/commit-changes.ts';
import type { Answer } from '#server/sync/judge-batch.ts';
import { placeKey } from '#server/sync/stored-record.ts';

/** Users whose record decides otherwise than before about signing in. */
export function changedUsers(groups: readonly (readonly Answer[])[], outcome: CommitOutcome): readonly ChangedUser[] {
  const changes = groups
    .flat()
    .flatMap(({ judgement }) => (judgement.kind === 'accepted' ? judgement.changes : []))
    .filter((change) => change.definition.name === 'user');
  const renamed = new Set(changes.filter(({ groups: names }) => names.includes('email')).map(({ after }) => after.id));
  return [...new Map(changes.map((change) => [change.after.id, change])).values()].flatMap(({ definition, after }) => {
    const written = outcome.records.get(placeKey(definition.collection, after.id));
    if (written === undefined) return [];
    const email = written.record['email'];
    const isActive = !written.isDeleted && written.record['isActive'] !== false;
    return [
      {
        userId: after.id as UserId,
        isActive,
        newEmail: renamed.has(after.id) && typeof email === 'string' ? email : null,
      },
    ];
  });
}
