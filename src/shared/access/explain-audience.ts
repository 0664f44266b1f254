// Who sees a record and why, in the order of what decides: whose it is, the team, the territory, the shares. Says what the
// keys of the record say (`scope.ts`), for people to read.
import { reachOfUsers, type TerritoryNode } from '#shared/access/territory-reach.ts';
import { sharesOf, type Share, type ShareMode } from '#shared/access/shares.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';

export interface Audience {
  readonly ownerId: string | null;
  readonly teamId: string | null;
  readonly territoryId: string | null;
  /** People who reach the territory of the record, and what they may do. */
  readonly territoryPeople: readonly { readonly userId: string; readonly mode: ShareMode }[];
  /** One for each grantee: the one that allows more. */
  readonly shares: readonly Share[];
}

export function explainAudience(record: AnyRecord, territories: readonly TerritoryNode[]): Audience {
  const territoryId = typeof record['territoryId'] === 'string' ? record['territoryId'] : null;
  return {
    ownerId: record.ownerId,
    teamId: record.teamId,
    territoryId,
    territoryPeople: territoryId === null ? [] : peopleReaching(territoryId, territories),
    shares: [
      ...new Map(
        sharesOf(record)
          .toReversed()
          .map((share) => [`${share.kind} ${share.id}`, share]),
      ).values(),
    ],
  };
}

function peopleReaching(territoryId: string, territories: readonly TerritoryNode[]): Audience['territoryPeople'] {
  return [...reachOfUsers(territories)]
    .filter(([, { read }]) => read.includes(territoryId))
    .map(([userId, { edit }]) => ({ userId, mode: edit.includes(territoryId) ? 'edit' : 'view' }));
}
