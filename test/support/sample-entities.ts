// Small entities for tests of shared rules: one field group for each merge policy, and builders for records, actors
// and operations.
import { roleNames, type Actor, type RoleName } from '#shared/access/actor.ts';
import { permissionsOf } from '#shared/access/roles.ts';
import { defineEntity, type AnyRecord, type EntityDefinition } from '#shared/entities/define-entity.ts';
import type { Change, Operation } from '#shared/sync/operation.ts';

/** Seed and number of runs of every property test: a failure repeats until it is repaired. */
export const propertyRuns = { seed: 20_261_121, numRuns: 300 } as const;

/** A deal-like entity with one group for each policy; `price` is a group of two fields. */
export const sample = defineEntity({
  name: 'deal',
  collection: 'deals',
  label: 'Deal',
  labelPlural: 'Deals',
  titleField: 'title',
  audience: 'owner',
  fields: {
    title: { type: 'text', label: 'Title' },
    amount: { type: 'money', label: 'Amount', group: 'price' },
    currency: { type: 'currency', label: 'Currency', group: 'price' },
    closeDate: { type: 'date', label: 'Close date' },
    code: { type: 'text', label: 'Code' },
    quantity: { type: 'integer', label: 'Quantity' },
    tags: { type: 'tags', label: 'Tags' },
    notes: { type: 'longText', label: 'Notes' },
    stage: { type: 'select', label: 'Stage' },
    doNotCall: { type: 'boolean', label: 'Do not call' },
    log: { type: 'longText', label: 'Log' },
    origin: { type: 'text', label: 'Origin' },
    priority: { type: 'select', label: 'Priority', defaultValue: 'medium' },
    ownerId: { type: 'reference', to: 'user', label: 'Owner', group: 'owner' },
    teamId: { type: 'reference', to: 'team', label: 'Team', group: 'owner' },
  },
  mergePolicies: {
    price: 'incoming',
    closeDate: 'manual',
    code: 'current',
    quantity: 'counter',
    tags: 'set',
    notes: 'text3',
    stage: 'machine',
    doNotCall: 'restrictive',
    log: 'append',
    origin: 'immutable',
    owner: 'manual',
  },
  transitions: (from, to) => !(from['stage'] === 'won' && to['stage'] === 'lost'),
});

export function createRecord(values: Readonly<Record<string, unknown>> = {}): AnyRecord {
  return {
    id: 'r1',
    kind: 'deal',
    rev: 5,
    ownerId: 'rep',
    teamId: 'north',
    createdAt: '2026-01-01T00:00:00.000Z',
    createdBy: 'rep',
    updatedAt: '2026-01-01T00:00:00.000Z',
    updatedBy: 'rep',
    ...values,
  };
}

export function createOperation(parts: Partial<Operation> = {}): Operation {
  return {
    opId: 'op1',
    opNo: 1,
    txn: null,
    kind: 'patch',
    entity: 'deal',
    recordId: 'r1',
    command: 'updateRecord',
    baseRev: 5,
    changes: [],
    dependsOn: [],
    captured: { wall: '2026-02-02T00:00:00.000Z', sinceBootMs: 1 },
    schema: 1,
    ...parts,
  };
}

/** A change of one field that names the value the person saw. */
export function changeOf(group: string, field: string, base: unknown, to: unknown): Change {
  return { group, base: { [field]: base }, to: { [field]: to } };
}

export function createActor(role: RoleName, parts: Partial<Actor> = {}): Actor {
  return {
    tenantId: 'tenant',
    userId: 'me',
    name: 'Me',
    email: 'me@example.com',
    role,
    teamIds: ['north', 'north-east'],
    permissions: permissionsOf(role),
    epoch: 1,
    ...parts,
  };
}

export const everyRole: readonly RoleName[] = roleNames;

/** An entity with only what access rules look at. */
export function entityNamed(
  name: EntityDefinition['name'],
  parts: Partial<Pick<EntityDefinition, 'audience' | 'fields'>> = {},
): EntityDefinition {
  return {
    name,
    collection: 'deals',
    label: name,
    labelPlural: `${name}s`,
    titleField: 'title',
    audience: 'owner',
    fields: { title: { type: 'text', label: 'Title' } },
    mergePolicies: {},
    ...parts,
  };
}
