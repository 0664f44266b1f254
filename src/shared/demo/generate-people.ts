import { DAY_MS, drawPhone, makeRecord, toSlug, type DemoWorld } from '#shared/demo/demo-world.ts';
import { firstNames, lastNames, passwordAdjectives, passwordNouns } from '#shared/demo/word-lists.ts';
import type { RoleName } from '#shared/access/actor.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';

export const DEMO_DOMAIN = 'hafenlicht.example';

export interface DemoUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: RoleName;
  readonly teamId: string | null;
  readonly password: string;
}

/** A representative with what the generator knows about the person: how often deals are won, and from where. */
export interface DemoSeller {
  readonly id: string;
  readonly teamId: string;
  readonly territoryId: string;
  readonly skill: number;
}

export interface DemoPeople {
  readonly users: readonly DemoUser[];
  readonly sellers: readonly DemoSeller[];
  readonly adminId: string;
  readonly managerIds: Readonly<Record<string, string>>;
  readonly records: {
    readonly user: readonly AnyRecord[];
    readonly team: readonly AnyRecord[];
    readonly territory: readonly AnyRecord[];
  };
}

/** Local part, role and team (index) of everyone; the first five are one of each built-in role. */
const STAFF: readonly (readonly [local: string | null, role: RoleName, team: number | null, title: string])[] = [
  ['super', 'super_admin', null, 'Platform'],
  ['admin', 'org_admin', null, 'Head of Sales Operations'],
  ['manager', 'manager', 0, 'Team Lead'],
  ['rep', 'sales_rep', 0, 'Account Executive'],
  ['viewer', 'viewer', null, 'Controlling'],
  [null, 'manager', 1, 'Team Lead'],
  [null, 'manager', 2, 'Team Lead'],
  [null, 'sales_rep', 0, 'Account Executive'],
  [null, 'sales_rep', 0, 'Account Manager'],
  [null, 'sales_rep', 1, 'Account Executive'],
  [null, 'sales_rep', 1, 'Account Executive'],
  [null, 'sales_rep', 1, 'Account Manager'],
  [null, 'sales_rep', 2, 'Partner Manager'],
  [null, 'sales_rep', 2, 'Account Executive'],
];
const TEAM_NAMES = ['Industry', 'Mid-market', 'Partners'] as const;
const TERRITORIES = [
  ['Central Europe', 'CE'],
  ['Northern Europe', 'NE'],
] as const;

export function generatePeople(world: DemoWorld): DemoPeople {
  const { random } = world;
  const start = { atMs: world.nowMs - 800 * DAY_MS, by: null };
  const territories = TERRITORIES.map(([name, code]) =>
    makeRecord('territory', world.createId(), start, { name, code }),
  );
  const teamIds = TEAM_NAMES.map(() => world.createId());
  const names = drawNames(world, STAFF.length);
  const users = STAFF.map(([local, role, team], index): DemoUser => {
    const name = names[index] ?? 'Nobody';
    return {
      id: world.createId(),
      name,
      email: `${local ?? toSlug(name).replaceAll('-', '.')}@${DEMO_DOMAIN}`,
      role,
      teamId: team === null ? null : (teamIds[team] ?? null),
      password: `${random.pick(passwordAdjectives)}-${random.pick(passwordNouns)}-${String(random.integer(10, 99))}`,
    };
  });
  const leads = teamIds.map(
    (teamId) => users.find((user) => user.teamId === teamId && user.role === 'manager')?.id ?? '',
  );
  const territoryOf = (teamId: string | null) => territories[teamId === teamIds[1] ? 1 : 0]?.id ?? '';
  const teams = TEAM_NAMES.map((name, index) =>
    makeRecord('team', teamIds[index] ?? '', start, {
      name,
      leadId: leads[index],
      territoryId: territoryOf(teamIds[index] ?? null),
    }),
  );
  const managerIds = Object.fromEntries(teamIds.map((teamId, index) => [teamId, leads[index] ?? '']));
  const adminId = users.find((user) => user.role === 'org_admin')?.id ?? '';
  const userRecords = users.map((user, index) =>
    makeRecord('user', user.id, start, {
      name: user.name,
      email: user.email,
      role: user.role,
      teamId: user.teamId,
      managerId:
        user.role === 'sales_rep' ? managerIds[user.teamId ?? ''] : user.role === 'manager' ? adminId : undefined,
      territoryId: user.teamId === null ? undefined : territoryOf(user.teamId),
      jobTitle: STAFF[index]?.[3],
      phone: drawPhone(random),
      isActive: true,
      locale: index % 2 === 0 ? 'en' : 'de',
      timeZone: 'Europe/Berlin',
    }),
  );
  const sellers = users
    .filter((user) => user.role === 'sales_rep' && user.teamId !== null)
    .map((user): DemoSeller => {
      const teamId = user.teamId ?? '';
      return { id: user.id, teamId, territoryId: territoryOf(teamId), skill: 0.75 + random.unit() * 0.5 };
    });
  return { users, sellers, adminId, managerIds, records: { user: userRecords, team: teams, territory: territories } };
}

/** Different full names. */
export function drawNames(world: DemoWorld, count: number): readonly string[] {
  const names = new Set<string>();
  while (names.size < count) names.add(`${world.random.pick(firstNames)} ${world.random.pick(lastNames)}`);
  return [...names];
}
