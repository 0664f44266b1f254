/** A team, as far as it decides who belongs to whom. */
export interface TeamNode {
  readonly id: string;
  readonly parentId: string | null;
  readonly leadId: string | null;
}

/** Teams the user belongs to or leads, with all their child teams; a cycle in the tree ends the walk. */
export function collectTeamIds(
  userId: string,
  ownTeamId: string | null,
  teams: readonly TeamNode[],
): readonly string[] {
  const found = new Set<string>(
    teams.filter((team) => team.leadId === userId || team.id === ownTeamId).map(({ id }) => id),
  );
  // A set grows while it is walked: every team added is visited once.
  for (const id of found) for (const team of teams) if (team.parentId === id) found.add(team.id);
  return [...found].sort();
}
