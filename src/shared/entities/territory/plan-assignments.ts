// What applying the rules would do to the accounts there are, before anybody does it.
import { compileRules } from '#shared/entities/territory/assignment.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import type { AskedOn } from '#shared/query/filter.ts';

export interface AssignmentPlan {
  readonly assignments: readonly { readonly accountId: string; readonly territoryId: string }[];
  /** Territories that accounts come into or leave, the most touched first. */
  readonly counts: readonly { readonly territoryId: string; readonly coming: number; readonly going: number }[];
  readonly unchanged: number;
  /** Accounts that no rule fits: they stay where they are. */
  readonly withoutRule: number;
}

/** `includesAssigned`: also accounts that are in a territory already; else they stay where they are. */
export function planAssignments(
  territories: readonly AnyRecord[],
  accounts: readonly AnyRecord[],
  includesAssigned: boolean,
  asked: AskedOn,
): AssignmentPlan {
  const assign = compileRules(territories);
  const assignments: { accountId: string; territoryId: string }[] = [];
  const coming = new Map<string, number>();
  const going = new Map<string, number>();
  let unchanged = 0;
  let withoutRule = 0;
  for (const account of accounts) {
    const current = typeof account['territoryId'] === 'string' ? account['territoryId'] : null;
    const territoryId = assign(account, asked);
    if (territoryId === null) withoutRule += 1;
    else if (territoryId === current || (current !== null && !includesAssigned)) unchanged += 1;
    else {
      assignments.push({ accountId: account.id, territoryId });
      count(coming, territoryId);
      if (current !== null) count(going, current);
    }
  }
  const counts = [...new Set([...coming.keys(), ...going.keys()])]
    .map((territoryId) => ({
      territoryId,
      coming: coming.get(territoryId) ?? 0,
      going: going.get(territoryId) ?? 0,
    }))
    .toSorted((a, b) => b.coming + b.going - (a.coming + a.going));
  return { assignments, counts, unchanged, withoutRule };
}

function count(into: Map<string, number>, key: string): void {
  into.set(key, (into.get(key) ?? 0) + 1);
}
