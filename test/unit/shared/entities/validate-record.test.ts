import { expect, test } from 'vitest';
import { collectionNames, envelopeFields, groupOfField, type AnyRecord } from '#shared/entities/define-entity.ts';
import { entities, entitiesIn, entityOf } from '#shared/entities/registry.ts';
import { validateRecord } from '#shared/entities/validate-record.ts';

const codesOf = (entity: keyof typeof entities, values: Record<string, unknown>) =>
  validateRecord(entities[entity], values as unknown as AnyRecord).map((problem) => `${problem.field}:${problem.code}`);

test('CRM-05 every entity is consistent: owner and team, a title, policies for groups that exist, no envelope name', () => {
  for (const definition of Object.values(entities)) {
    const fields = Object.keys(definition.fields);
    expect(fields, definition.name).toEqual(expect.arrayContaining(['ownerId', 'teamId', definition.titleField]));
    expect(fields.filter((field) => (envelopeFields as readonly string[]).includes(field))).toEqual([]);
    const groups = new Set(fields.map((field) => groupOfField(definition, field)));
    expect(
      Object.keys(definition.mergePolicies).filter((group) => !groups.has(group)),
      definition.name,
    ).toEqual([]);
    expect(collectionNames).toContain(definition.collection);
    for (const field of Object.values(definition.fields)) {
      if (field.type === 'money') expect(fields, definition.name).toContain('currency');
      if (field.type === 'select') expect(field.options?.length, definition.name).toBeGreaterThan(0);
      if (field.type === 'reference' || field.type === 'references') expect(field.to, definition.name).toBeDefined();
    }
  }
  expect(entitiesIn('activities').map((definition) => definition.name)).toEqual([
    'activity',
    'stageChange',
    'fieldChange',
  ]);
  expect(entityOf('__proto__')).toBeUndefined();
});

test.each([
  ['account', { name: 'A\0B' }, 'name:characters'],
  ['account', { name: '\ud800' }, 'name:characters'],
  ['account', { name: 'x'.repeat(256) }, 'name:tooLong'],
  ['account', { name: '  ' }, 'name:required'],
  ['account', { name: 'A', website: 'javascript:alert(1)' }, 'website:url'],
  ['account', { name: 'A', industry: 'technolgy' }, 'industry:option'],
  ['account', { name: 'A', employees: 1.5 }, 'employees:integer'],
  ['account', { name: 'A', tags: ['x', 'x'] }, 'tags:duplicate'],
  ['account', { name: 'A', shares: { deep: [Number.NaN] } }, 'shares:type'],
  ['account', { name: 'A', nonsense: 1 }, 'nonsense:unknown'],
  ['account', { name: 'A', currency: 'euro' }, 'currency:currency'],
  ['contact', { name: 'A', birthday: '2026-02-30' }, 'birthday:date'],
  ['contact', { name: 'A', email: 'a@b' }, 'email:email'],
  ['contact', { name: 'A', accountId: '../x' }, 'accountId:reference'],
  ['lead', { name: 'A', status: 'new', score: 101 }, 'score:range'],
  ['lead', { name: 'A', status: 'new', score: -1 }, 'score:range'],
  ['deal', { name: 'A', pipelineId: 'p', stageId: 's', probability: 101 }, 'probability:range'],
  ['deal', { name: 'A', pipelineId: 'p', stageId: 's', amount: -1, currency: 'EUR' }, 'amount:negative'],
  ['deal', { name: 'A', pipelineId: 'p', stageId: 's', amount: 1 }, 'currency:required'],
  ['deal', { name: 'A', pipelineId: 'p', stageId: 's', status: 'lost' }, 'wonLostReason:lostReason'],
] as const)('IMP-07 a %s with %j is refused', (entity, values, expected) => {
  expect(codesOf(entity, values)).toContain(expected);
});

test('CRM-04 a closed deal leaves its final stage only when it is reopened', () => {
  const { transitions } = entities.deal;
  expect(transitions?.({ status: 'open' }, { status: 'won' })).toBe(true);
  expect(transitions?.({ status: 'won' }, { status: 'lost' })).toBe(false);
  expect(transitions?.({ status: 'won' }, { status: 'open' })).toBe(false);
  expect(transitions?.({ status: 'won', reopenedAt: 'a' }, { status: 'open', reopenedAt: 'a' })).toBe(false);
  expect(transitions?.({ status: 'won' }, { status: 'open', reopenedAt: 'now' })).toBe(true);
});
