// What one answer of `can()` and one `project()` cost in memory: every role, a custom one with field rules and an API key among
// them, on deals, leads and tasks of one's own, of the team and out of reach; reads, changes with their values before and after,
// and refusals with their sentences. Measured is time of the processor, which a busy machine does not make longer than the work is.
import { median, type Figure, type Measured } from '#test/bench/figure.ts';
import type { Actor } from '#shared/access/actor.ts';
import { can, type AccessQuestion } from '#shared/access/can.ts';
import { compileFieldPolicy } from '#shared/access/compile-field-policy.ts';
import { narrowActor } from '#shared/access/narrow-actor.ts';
import { project } from '#shared/access/project.ts';
import { builtInRoles, permissionsOf } from '#shared/access/roles.ts';
import { roleNames } from '#shared/access/actor.ts';
import type { AnyRecord, EntityDefinition } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';

const ROUNDS = 100;
const RUNS = 7;
const RECORDS = 200;

function actorOf(role: (typeof roleNames)[number]): Actor {
  const teamIds = Array.from({ length: 8 }, (_, index) => `team-${String(index)}`);
  const grants = { read: teamIds.map((id) => `t:${id}`), update: [] };
  const name = { name: 'Person', email: 'person@example.test' };
  return {
    tenantId: 'north',
    userId: 'me',
    ...name,
    role,
    teamIds,
    grants,
    permissions: permissionsOf(role),
    epoch: 1,
  };
}

function actors(): readonly Actor[] {
  const builtIn = roleNames.map((role) => actorOf(role));
  const rules = [
    { role: 'field', entity: 'deal', field: 'amount', mode: 'hidden' },
    { role: 'field', entity: 'lead', field: 'email', mode: 'mask' },
    { role: 'field', entity: 'lead', field: 'phone', mode: 'view' },
  ] as const;
  const custom: Actor = {
    ...actorOf('sales_rep'),
    role: 'field',
    roleName: 'Field sales',
    scopes: builtInRoles.manager.scopes,
    fields: compileFieldPolicy({ role: 'field', rules, pii: [{ entity: 'lead', field: 'city', isPii: true }] }),
  };
  const key = {
    id: 'k',
    name: 'Key',
    permissions: ['record.read', 'record.update', 'lead.read', 'lead.update'] as const,
  };
  return [...builtIn, custom, narrowActor(custom, key)];
}

function recordOf(definition: EntityDefinition, index: number): AnyRecord {
  const at = '2026-11-21T09:00:00.000Z';
  const values = Object.fromEntries(
    Object.keys(definition.fields).map((field) => [field, `${field} ${String(index)}`]),
  );
  const [ownerId, teamId] = [
    ['me', 'team-0'],
    ['anna', 'team-3'],
    ['otto', 'south'],
    ['nina', 'south'],
  ][index % 4] ?? ['otto', 'south'];
  return {
    ...values,
    kind: definition.name,
    id: `${definition.name}-${String(index)}`,
    rev: index,
    createdAt: at,
    createdBy: 'me',
    updatedAt: at,
    updatedBy: 'me',
    shares: [],
    territoryId: null,
    ownerId: ownerId ?? 'otto',
    teamId: teamId ?? 'south',
  };
}

const definitions: readonly EntityDefinition[] = [entities.deal, entities.lead, entities.task];

function questions(): readonly AccessQuestion[] {
  return actors().flatMap((actor) =>
    Array.from({ length: RECORDS }, (_, index): AccessQuestion => {
      const definition = definitions[index % definitions.length] ?? entities.deal;
      const before = recordOf(definition, index);
      const asked = { actor, definition, before };
      if (index % 2 === 0) return { ...asked, action: 'read', after: null };
      const after = { ...before, description: `another ${String(index)}` };
      return { ...asked, action: 'update', after, groups: ['description'], fields: ['description'] };
    }),
  );
}

/** Microseconds of one call, in the middle of several runs over all items. */
function measure<Item>(items: readonly Item[], call: (item: Item) => boolean): { micros: number; allowed: number } {
  const runs: number[] = [];
  let allowed = 0;
  for (let run = 0; run <= RUNS; run += 1) {
    allowed = 0;
    const before = process.cpuUsage();
    for (let round = 0; round < ROUNDS; round += 1) for (const item of items) if (call(item)) allowed += 1;
    const { user, system } = process.cpuUsage(before);
    // The first run is the one in which the code becomes fast.
    if (run > 0) runs.push((user + system) / (ROUNDS * items.length));
  }
  return { micros: median(runs), allowed: allowed / (ROUNDS * items.length) };
}

function toMeasured({ micros, allowed }: { micros: number; allowed: number }, asked: number): Measured {
  return { value: micros, notes: [`${String(asked)} questions, ${(allowed * 100).toFixed(0)} % of them allowed`] };
}

export const permissionFigures: readonly Figure[] = [
  {
    name: 'permission-check',
    unit: 'µs of one can()',
    target: { is: '<=', limit: 2 },
    async measure() {
      const asked = questions();
      return toMeasured(
        measure(asked, (question) => can(question).ok),
        asked.length,
      );
    },
  },
  {
    name: 'permission-project',
    unit: 'µs of one project()',
    target: { is: '<=', limit: 5 },
    async measure() {
      const asked = questions();
      return toMeasured(
        measure(
          asked,
          ({ actor, definition, before }) => before !== null && project(actor, definition, before) !== null,
        ),
        asked.length,
      );
    },
  },
];
