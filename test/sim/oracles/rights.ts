// Who sees and changes what, told once more from the rules of the product in the plainest way: no keys, no tables, nothing
// of src/shared/access. If the two ever disagree, one of them is wrong.
import type { AnyRecord } from '#shared/entities/define-entity.ts';

export interface Rights {
  readonly userId: string;
  readonly isActive: boolean;
  readonly role: string;
  /** Teams whose records a manager sees. */
  readonly teams: ReadonlySet<string>;
  /** Teams whose shares reach the user. */
  readonly shareTeams: ReadonlySet<string>;
  /** Territories whose records the user sees, and those whose records the user may change. */
  readonly seenTerritories: ReadonlySet<string>;
  readonly heldTerritories: ReadonlySet<string>;
}

export const nobody: Rights = {
  userId: '',
  isActive: false,
  role: '',
  teams: new Set(),
  shareTeams: new Set(),
  seenTerritories: new Set(),
  heldTerritories: new Set(),
};

function withChildren(ids: ReadonlySet<string>, teams: readonly AnyRecord[]): Set<string> {
  const found = new Set(ids);
  for (let size = -1; size !== found.size;) {
    size = found.size;
    for (const team of teams) if (found.has(String(team['parentId']))) found.add(team.id);
  }
  return found;
}

/** Territories by what somebody is in them, one after the other: written for being read. */
function territoriesOf(
  userId: string,
  territories: readonly AnyRecord[],
): Pick<Rights, 'seenTerritories' | 'heldTerritories'> {
  const find = (id: unknown): AnyRecord | undefined => territories.find((territory) => territory.id === id);
  const above = ({ id, ...rest }: AnyRecord): readonly AnyRecord[] => {
    const found: AnyRecord[] = [];
    for (let next = find(rest['parentId']); next !== undefined && next.id !== id && !found.includes(next);) {
      found.push(next);
      next = find(next['parentId']);
    }
    return found;
  };
  const isMember = (territory: AnyRecord): boolean =>
    Array.isArray(territory['memberIds']) && territory['memberIds'].includes(userId);
  const isIn = (territory: AnyRecord): boolean => territory['managerId'] === userId || isMember(territory);
  const seen = new Set<string>();
  const held = new Set<string>();
  for (const territory of territories) {
    const managers = [territory, ...above(territory)].map((one) => one['managerId']);
    if (managers.includes(userId)) held.add(territory.id);
    if (isMember(territory) && territory['memberAccess'] !== 'view') held.add(territory.id);
    const isFar = territory['recursiveSharing'] === true;
    const up = territory['shareWithParent'] === true ? above(territory).slice(0, isFar ? undefined : 1) : [];
    const isDown = territory['shareWithChildren'] === true || (isFar && territory['shareWithParent'] !== true);
    const below = territories.filter((other) =>
      above(other)
        .slice(0, isFar ? undefined : 1)
        .includes(territory),
    );
    if (held.has(territory.id) || isMember(territory) || [...up, ...(isDown ? below : [])].some(isIn))
      seen.add(territory.id);
  }
  return { seenTerritories: seen, heldTerritories: held };
}

/** Rights of a user from the records of people and territories. */
export function rightsOf(
  userId: string,
  user: AnyRecord | undefined,
  teams: readonly AnyRecord[],
  territories: readonly AnyRecord[],
): Rights {
  if (user === undefined || user['isActive'] === false) return { ...nobody, userId };
  const own = teams.find((team) => team.id === user.teamId);
  const led = teams.filter((team) => team['leadId'] === userId).map((team) => team.id);
  // What is shared with a team is shared with the teams below it, and with whoever leads one of them.
  const shareTeams = withChildren(new Set(led), teams);
  for (let team = own; team !== undefined && !shareTeams.has(team.id);) {
    shareTeams.add(team.id);
    const above = team['parentId'];
    team = teams.find((other) => other.id === above);
  }
  const mine = withChildren(new Set([...led, ...(own === undefined ? [] : [own.id])]), teams);
  const reached = territoriesOf(userId, territories);
  return { userId, isActive: true, role: String(user['role']), teams: mine, shareTeams, ...reached };
}

const isAdmin = ({ role }: Rights): boolean => role === 'org_admin' || role === 'super_admin';
const shared = new Set(['user', 'team', 'product', 'pipeline', 'territory']);

function isNamedIn(record: AnyRecord, userId: string): boolean {
  if (record.ownerId === userId) return true;
  if (record.kind === 'conflict') return record['lostBy'] === userId;
  if (record.kind !== 'task') return false;
  // A private task is its assignee's, not also that of whoever made it or gave it.
  if (record['visibility'] === 'private') return false;
  const helpers = record['participantIds'];
  const people = [record['assignedBy'], record.createdBy, ...(Array.isArray(helpers) ? helpers : [])];
  return people.includes(userId);
}

function isSharedWith(rights: Rights, record: AnyRecord, modes: readonly string[]): boolean {
  const shares = Array.isArray(record['shares']) ? (record['shares'] as readonly string[]) : [];
  return shares.some((share) => {
    const [mode = '', kind, id = ''] = share.split(':');
    if (!modes.includes(mode)) return false;
    if (kind === 'user') return id === rights.userId;
    return kind === 'role' ? id === rights.role : rights.shareTeams.has(id);
  });
}

/** By owner, by being named, by team, or by a sight of everything. */
function reachesAlone(rights: Rights, record: AnyRecord): boolean {
  if (isNamedIn(record, rights.userId)) return true;
  const isTogether = record.kind === 'task' && record['visibility'] === 'collaborative';
  if (isTogether && record.teamId !== null && rights.teams.has(record.teamId)) return true;
  if (rights.role === 'manager') return record.teamId !== null && rights.teams.has(record.teamId);
  if (rights.role === 'viewer') return record.kind !== 'task' || record['visibility'] !== 'private';
  return false;
}

/** Accounts and contacts lie in territories; what belongs to them goes with them. */
function isInTerritory(record: AnyRecord, territories: ReadonlySet<string>): boolean {
  return typeof record['territoryId'] === 'string' && territories.has(record['territoryId']);
}

/** A record with what it follows, as both stood at one instant. */
export interface Seen {
  readonly record: AnyRecord;
  /** Null: it stands alone. */
  readonly parent: Seen | null;
}

/** May this user read the record as it stands? */
export function sees(rights: Rights, { record, parent }: Seen): boolean {
  if (!rights.isActive) return false;
  if (shared.has(record.kind) || isAdmin(rights)) return true;
  // A task is its people's in any case, and a private one is nobody else's; everything else is its parent's alone.
  if (parent !== null && record.kind !== 'task') return sees(rights, parent);
  if (reachesAlone(rights, record) || isSharedWith(rights, record, ['view', 'edit'])) return true;
  if (isInTerritory(record, rights.seenTerritories)) return true;
  return parent !== null && record['visibility'] !== 'private' && sees(rights, parent);
}

/** What is only lent is kept by nobody: whose it is, and who sees it, is not for them to say. */
const ownersAffair = new Set(['owner', 'territoryId', 'shares']);

/** May this user have changed, deleted or restored the record as it stood before? `groups`: what was changed. */
export function mayChange(rights: Rights, record: AnyRecord, kind: string, groups: readonly string[]): boolean {
  if (!rights.isActive) return false;
  if (isAdmin(rights)) return true;
  if (record.kind === 'user') return record.id === rights.userId;
  if (shared.has(record.kind) || rights.role === 'viewer') return false;
  if (reachesAlone(rights, record)) return true;
  if (kind !== 'patch' || groups.some((group) => ownersAffair.has(group))) return false;
  return isSharedWith(rights, record, ['edit']) || isInTerritory(record, rights.heldTerritories);
}

function isSameSet(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  return left.size === right.size && [...left].every((item) => right.has(item));
}

export function isSameRights(left: Rights, right: Rights): boolean {
  return (
    left.isActive === right.isActive &&
    left.role === right.role &&
    isSameSet(left.teams, right.teams) &&
    isSameSet(left.shareTeams, right.shareTeams) &&
    isSameSet(left.seenTerritories, right.seenTerritories) &&
    isSameSet(left.heldTerritories, right.heldTerritories)
  );
}
