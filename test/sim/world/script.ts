// A run as data: who is there, what happens when, which faults are on. Everything random about a run comes from it, so a
// script can be kept as a file, made smaller, and run again.
import { createFastRandom, type FastRandom } from '#test/sim/kernel/fast-random.ts';

/** Chances of what goes wrong by itself, each for one occasion. */
export interface FaultRates {
  readonly slowNetwork: number;
  readonly requestLost: number;
  readonly answerLost: number;
  readonly requestTwice: number;
  readonly requestMuchLater: number;
  readonly pokeLost: number;
  readonly pokeTwice: number;
  /** Calls of the server to its store take their time, so that transactions meet. */
  readonly slowStore: number;
  readonly storeAborts: number;
  readonly serverDiesInCall: number;
  /** Writes of a device take their time. */
  readonly slowDisk: number;
  readonly deviceDiesInWrite: number;
  /** There is no space for what a device writes, for once. */
  readonly diskFull: number;
}
export type FaultName = keyof FaultRates;

export const stepKinds = [
  'create',
  'patch',
  'rename',
  'tag',
  'count',
  'describe',
  'due',
  'objection',
  'liftObjection',
  'refer',
  'delete',
  'restore',
  'reassign',
  'makeDeal',
  'editDeal',
  'moveDeal',
  'giveDeal',
  'share',
  'unshare',
  'resolve',
  'bulk',
  'forbidden',
  'role',
  'moveUser',
  'moveTeam',
  'leadTeam',
  'moveTerritory',
  'manTerritory',
  'switchTerritory',
  'assignTerritory',
  'deactivate',
  'reactivate',
  'goOffline',
  'goOnline',
  'workOffline',
  'crashApp',
  'crashHost',
  'loseCache',
  'clock',
  'addDevice',
  'loseDevice',
  'syncNow',
  'crashServer',
  'serverClock',
  'collectLog',
  'backup',
  'foreignToken',
  'oldEpoch',
] as const;
export type StepKind = (typeof stepKinds)[number];

export interface Step {
  readonly atMs: number;
  readonly kind: StepKind;
  /** Index of the device whose user does it. */
  readonly device: number;
  /** Free choices: which record, which value. */
  readonly pick: number;
  readonly more: number;
}

export interface PersonScript {
  readonly id: string;
  readonly role: string;
  readonly team: string | null;
}

export interface TenantScript {
  readonly id: string;
  readonly people: readonly PersonScript[];
  readonly records: number;
  /** Has territories from the start. */
  readonly hasTerritories?: boolean;
  /** Has a pipeline and deals from the start. */
  readonly hasDeals?: boolean;
}

export interface DeviceScript {
  readonly tenant: number;
  readonly person: string;
  readonly startsAtMs: number;
}

export interface Script {
  readonly seed: number;
  readonly tenants: readonly TenantScript[];
  readonly devices: readonly DeviceScript[];
  readonly processes: number;
  readonly faults: FaultRates;
  readonly steps: readonly Step[];
  readonly durationMs: number;
  /** Items a device asks for in one page. */
  readonly pageItems: number;
}

const strongest: FaultRates = {
  slowNetwork: 0.15,
  requestLost: 0.05,
  answerLost: 0.08,
  requestTwice: 0.05,
  requestMuchLater: 0.04,
  pokeLost: 0.3,
  pokeTwice: 0.2,
  slowStore: 0.7,
  storeAborts: 0.01,
  serverDiesInCall: 0.002,
  slowDisk: 0.5,
  deviceDiesInWrite: 0.008,
  diskFull: 0.01,
};

export const noFaults: FaultRates = {
  slowNetwork: 0,
  requestLost: 0,
  answerLost: 0,
  requestTwice: 0,
  requestMuchLater: 0,
  pokeLost: 0,
  pokeTwice: 0,
  slowStore: 0,
  storeAborts: 0,
  serverDiesInCall: 0,
  slowDisk: 0,
  deviceDiesInWrite: 0,
  diskFull: 0,
};

/** How often each kind happens where it is switched on. */
const weights: Readonly<Record<StepKind, number>> = {
  create: 10,
  patch: 16,
  rename: 6,
  tag: 5,
  count: 6,
  describe: 4,
  due: 5,
  objection: 3,
  liftObjection: 3,
  refer: 3,
  delete: 4,
  restore: 2,
  reassign: 6,
  makeDeal: 3,
  editDeal: 9,
  moveDeal: 4,
  giveDeal: 2,
  share: 4,
  unshare: 3,
  resolve: 3,
  bulk: 2,
  forbidden: 2,
  role: 4,
  moveUser: 3,
  moveTeam: 2,
  leadTeam: 2,
  moveTerritory: 2,
  manTerritory: 4,
  switchTerritory: 2,
  assignTerritory: 5,
  deactivate: 1,
  reactivate: 2,
  goOffline: 6,
  goOnline: 8,
  workOffline: 2,
  crashApp: 4,
  crashHost: 3,
  loseCache: 2,
  clock: 2,
  addDevice: 2,
  loseDevice: 1,
  syncNow: 2,
  crashServer: 3,
  serverClock: 2,
  collectLog: 2,
  backup: 3,
  foreignToken: 1,
  oldEpoch: 1,
};

/** Typing is never switched off: without it nothing happens. */
const always: ReadonlySet<StepKind> = new Set(['create', 'patch', 'goOnline']);

function writeTenant(random: FastRandom, id: string): TenantScript {
  const teams = ['north', 'south', 'west'];
  const people: PersonScript[] = [
    { id: 'ada', role: 'org_admin', team: null },
    { id: 'max', role: 'manager', team: 'north' },
    { id: 'rene', role: 'sales_rep', team: 'north' },
  ];
  if (random.chance(0.6)) people.push({ id: 'olga', role: 'sales_rep', team: random.pick(teams) });
  if (random.chance(0.5)) people.push({ id: 'vera', role: 'viewer', team: null });
  if (random.chance(0.4)) people.push({ id: 'sue', role: 'manager', team: 'south' });
  if (random.chance(0.4)) people.push({ id: 'ben', role: 'org_admin', team: null });
  return {
    id,
    people,
    records: random.integer(0, 12),
    hasTerritories: random.chance(0.5),
    hasDeals: random.chance(0.6),
  };
}

function writeFaults(random: FastRandom): FaultRates {
  const rates = Object.entries(strongest).map(([name, most]) => [
    name,
    random.chance(0.5) ? 0 : most * (0.3 + 0.7 * random.unit()),
  ]);
  return { ...strongest, ...Object.fromEntries(rates) };
}

function writeSteps(random: FastRandom, devices: number, durationMs: number, count: number): readonly Step[] {
  const kinds = stepKinds.filter((kind) => always.has(kind) || random.chance(0.5));
  const wheel = kinds.flatMap((kind) => Array.from({ length: weights[kind] }, () => kind));
  // People work in bursts, and in half of all worlds they crowd: several do the same at the same instant.
  const crowding = random.chance(0.5) ? 0.5 : 0;
  const steps: Step[] = [];
  let atMs = 2_000;
  for (let index = 0; index < count; index += 1) {
    const last = steps.at(-1);
    if (last !== undefined && random.chance(crowding)) {
      steps.push({ ...last, kind: random.pick(wheel), device: random.integer(0, devices - 1) });
      continue;
    }
    atMs += random.chance(0.6) ? random.integer(0, 60) : random.integer(0, (2 * durationMs) / count);
    const step = { kind: random.pick(wheel), device: random.integer(0, devices - 1) };
    steps.push({ atMs: Math.min(atMs, durationMs), ...step, pick: random.word(), more: random.word() });
  }
  return steps;
}

/** The script of a seed: the same for ever. */
export function writeScript(seed: number): Script {
  const random = createFastRandom(seed, 1);
  const tenants = Array.from({ length: random.chance(0.8) ? 2 : 3 }, (_, index) =>
    writeTenant(random, `t${String(index)}`),
  );
  const devices = Array.from({ length: random.integer(2, 12) }, (_, index): DeviceScript => {
    // Most of what is interesting happens between people of one organization.
    const tenant = index === 0 || random.chance(0.8) ? 0 : random.integer(0, tenants.length - 1);
    const person = random.pick(tenants[tenant]?.people ?? []).id;
    return { tenant, person, startsAtMs: random.chance(0.8) ? 0 : random.integer(0, 60_000) };
  });
  const durationMs = random.integer(60_000, 240_000);
  return {
    seed,
    tenants,
    devices,
    processes: random.integer(1, 2),
    faults: writeFaults(random),
    steps: writeSteps(random, devices.length, durationMs, random.integer(30, 140)),
    durationMs,
    pageItems: random.pick([2, 5, 50, 2_000]),
  };
}
