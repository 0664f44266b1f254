// What stands in an organization before a run begins: teams, people and some records of theirs.
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import { DEFAULT_PIPELINE_ID, defaultStages } from '#shared/entities/default-pipeline.ts';
import { createFastRandom, type FastRandom } from '#test/sim/kernel/fast-random.ts';
import type { Script, TenantScript } from '#test/sim/world/script.ts';

export const STARTED_AT_MS = Date.parse('2026-03-02T08:00:00.000Z');

function seeded(kind: EntityName, id: string, values: Readonly<Record<string, unknown>>): AnyRecord {
  const at = new Date(STARTED_AT_MS).toISOString();
  const stamps = { rev: 0, createdAt: at, createdBy: null, updatedAt: at, updatedBy: null };
  return { id, kind, ownerId: null, teamId: null, ...stamps, ...values };
}

const newTask = { visibility: 'assigned', priority: 'medium', status: 'open', spentMinutes: 0 };

/** A tree of three levels, with some people in it. */
function territoriesOf(
  random: FastRandom,
  tenant: TenantScript,
  named: (name: string) => string,
): readonly AnyRecord[] {
  const above = { world: null, inland: 'world', city: 'inland' };
  const some = (): string => random.pick(tenant.people).id;
  return Object.entries(above).map(([id, parentId]) => {
    const members = random.chance(0.6) ? { memberIds: [...new Set([some(), some()])].sort() } : {};
    const manager = random.chance(0.4) ? { managerId: some() } : {};
    const place = parentId === null ? {} : { parentId };
    const memberAccess = random.chance(0.6) ? 'edit' : 'view';
    return seeded('territory', id, { name: named(id), memberAccess, ...place, ...members, ...manager });
  });
}

/** A few deals that everybody of the organization works on, in the pipeline every organization begins with. */
function dealsOf(random: FastRandom, tenant: TenantScript, named: (name: string) => string): readonly AnyRecord[] {
  const stages = defaultStages.filter(({ type }) => type === 'open');
  const pipeline = seeded('pipeline', DEFAULT_PIPELINE_ID, { name: named('sales'), stages: defaultStages });
  const deals = Array.from({ length: 4 }, (_, index) => {
    const owner = random.pick(tenant.people);
    const { id: stageId, probability, forecastCategory } = random.pick(stages);
    const worth = { amount: random.integer(1, 9) * 1_000, currency: 'EUR', closeDate: '2026-06-30' };
    const place = { pipelineId: pipeline.id, stageId, status: 'open', probability, forecastCategory };
    const values = { name: named(`deal${String(index)}`), ownerId: owner.id, teamId: owner.team, ...place, ...worth };
    return seeded('deal', `${tenant.id}-deal-${String(index)}`, values);
  });
  return [pipeline, ...deals];
}

export function seedRecordsOf(script: Script, tenant: TenantScript): readonly AnyRecord[] {
  const named = (name: string): string => `~${tenant.id}:${name}~`;
  const teams = ['north', 'south', 'west'].map((id) =>
    seeded('team', id, { name: named(id), ...(id === 'west' ? { parentId: 'north' } : {}) }),
  );
  const users = tenant.people.map(({ id, role, team }) =>
    seeded('user', id, {
      teamId: team,
      name: named(id),
      email: `${id}@${tenant.id}.example`,
      role,
      isActive: true,
    }),
  );
  const places = createFastRandom(script.seed, 78);
  const territories = tenant.hasTerritories === true ? territoriesOf(places, tenant, named) : [];
  const placed = (kind: EntityName): Readonly<Record<string, unknown>> =>
    kind === 'task' || territories.length === 0 || places.chance(0.4)
      ? {}
      : { territoryId: places.pick(territories).id };
  const random = createFastRandom(script.seed, 77);
  const records = Array.from({ length: tenant.records }, (_, index) => {
    const owner = random.pick(tenant.people);
    const kind = random.pick(['account', 'contact', 'task'] as const);
    const name = named(`seed${String(index)}`);
    const values = kind === 'task' ? { subject: name, ...newTask } : { name };
    return seeded(kind, `${tenant.id}-seed-${String(index)}`, {
      ownerId: owner.id,
      teamId: owner.team,
      ...placed(kind),
      ...values,
    });
  });
  const deals = tenant.hasDeals === true ? dealsOf(createFastRandom(script.seed, 79), tenant, named) : [];
  return [...teams, ...users, ...territories, ...records, ...deals];
}
