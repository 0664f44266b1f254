// Who sees and changes what, told once more from the rules of the product in the plainest way: no keys, no tables, nothing
// of src/shared/access. If the two ever disagree, one of them is wrong. Not told: territories.
import type { AnyRecord } from '#shared/entities/define-entity.ts';

export interface Rights {
  readonly userId: string;
  readonly isActive: boolean;
  readonly role: string;
  /** Teams whose records a manager sees. */
  readonly teams: ReadonlySet<string>;
  /** Teams whose shares reach the user. */
  readonly shareTeams: ReadonlySet<string>;
}

export const nobody: Rights = { userId: '', isActive: false, role: '', teams: new Set(), shareTeams: new Set() };

function withChildren(ids: ReadonlySet<string>, teams: readonly AnyRecord[]): Set<string> {
  const found = new Set(ids);
  for (let size = -1; size !== found.size;) {
    size = found.size;
    for (const team of teams) if (found.has(String(team['parentId']))) found.add(team.id);
  }
  return found;
}

/** Rights of a user from the records of people. */
export function rightsOf(userId: string, user: AnyRecord | undefined, teams: readonly AnyRecord[]): Rights {
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
  return { userId, isActive: true, role: String(user['role']), teams: mine, shareTeams };
}

const isAdmin = ({ role }: Rights): boolean => role === 'org_admin' || role === 'super_admin';
const shared = new Set(['user', 'team', 'product', 'pipeline', 'territory']);

function isNamedIn(record: AnyRecord, userId: string): boolean {
  if (record.ownerId === userId) return true;
  if (record.kind === 'conflict') return record['lostBy'] === userId;
  if (record.kind !== 'task') return false;
  const helpers = record['visibility'] === 'private' ? [] : record['participantIds'];
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
  if (rights.role === 'manager') return record.teamId !== null && rights.teams.has(record.teamId);
  if (rights.role === 'viewer') return record.kind !== 'task' || record['visibility'] !== 'private';
  return false;
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
  return parent !== null && record['visibility'] !== 'private' && sees(rights, parent);
}

/** May this user have changed, deleted or restored the record as it stood before? */
export function mayChange(rights: Rights, record: AnyRecord, kind: string): boolean {
  if (!rights.isActive) return false;
  if (isAdmin(rights)) return true;
  if (record.kind === 'user') return record.id === rights.userId;
  if (shared.has(record.kind) || rights.role === 'viewer') return false;
  return reachesAlone(rights, record) || (kind === 'patch' && isSharedWith(rights, record, ['edit']));
}

export function isSameRights(left: Rights, right: Rights): boolean {
  return (
    left.isActive === right.isActive &&
    left.role === right.role &&
    left.teams.size === right.teams.size &&
    [...left.teams].every((team) => right.teams.has(team)) &&
    left.shareTeams.size === right.shareTeams.size &&
    [...left.shareTeams].every((team) => right.shareTeams.has(team))
  );
}
