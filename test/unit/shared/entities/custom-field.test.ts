import { describe, expect, it } from 'vitest';
import { compileFieldPolicy, explainField } from '#shared/access/compile-field-policy.ts';
import { fieldModeOf, hiddenGroupsOf, OTHER_CUSTOM } from '#shared/access/field-policy.ts';
import { ANY, type FieldRule } from '#shared/access/governed-fields.ts';
import { project } from '#shared/access/project.ts';
import { customDefinitions, definitionsIn } from '#shared/entities/custom-field/custom-definitions.ts';
import {
  allSlots,
  customizableEntities,
  kindsOf,
  slotKinds,
  slotsOfKind,
} from '#shared/entities/custom-field/custom-slots.ts';
import { nextOptions } from '#shared/entities/custom-field/next-options.ts';
import { fieldNamesOf, mergePolicyOf, type AnyRecord, type EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { validateRecord } from '#shared/entities/validate-record.ts';
import { createTranslate } from '#shared/words/translate.ts';
import { createNames } from '#shared/words/names.ts';
import { dropBetween } from '#shared/sync/scope-drop.ts';
import { createActor, createCommandWorld } from '../../../support/command-world.ts';

type Values = Readonly<Record<string, unknown>>;
const stamps = { rev: 1, ownerId: null, teamId: null, createdAt: '', createdBy: null, updatedAt: '', updatedBy: null };

function definition(entity: EntityName, slot: string, values: Values): AnyRecord {
  return { ...stamps, id: `${entity}.${slot}`, kind: 'customField', entity, slot, ...values };
}

function openWorld(userId = 'admin', role: 'org_admin' | 'sales_rep' = 'org_admin') {
  return createCommandWorld(createActor(role, userId));
}

async function idOf(outcome: Promise<{ readonly recordId: string | null }>): Promise<string> {
  return String((await outcome).recordId);
}

describe('places of custom fields', () => {
  it('CRM-13 are found by their name in every entity that can have them, and are listed in none', () => {
    for (const name of customizableEntities) {
      const { fields } = entities[name];
      expect(Object.keys(fields).filter((field) => field.startsWith('cf'))).toEqual([]);
      const places = [...allSlots()].filter((slot) => fields[slot] !== undefined);
      expect(places).toEqual(kindsOf(name).flatMap(slotsOfKind));
    }
    expect(kindsOf('contact')).toEqual(slotKinds.filter((kind) => kind !== 'money'));
    expect(entities.product.fields['cfText01']).toBeUndefined();
  });

  it('CRM-13 hold values of one type, merge by it, and are absent where nothing was entered', () => {
    const problems = (values: Values) =>
      validateRecord(entities.account, { name: 'A', ...values }).map(({ field, code }) => `${field}:${code}`);
    expect(problems({ cfText01: 'x', cfDate01: '2026-02-28', cfTick01: false, cfChoices01: ['a', 'b'] })).toEqual([]);
    expect(problems({ cfDate01: '2026-02-30' })).toEqual(['cfDate01:date']);
    expect(problems({ cfMoney01: 1.5 })).toEqual(['cfMoney01:integer']);
    expect(problems({ cfText99: 'x' })).toEqual(['cfText99:unknown']);
    expect(mergePolicyOf(entities.account, 'cfLong01')).toBe('text3');
    expect(mergePolicyOf(entities.account, 'cfChoices01')).toBe('set');
    expect(mergePolicyOf(entities.account, 'cfText01')).toBe('incoming');
    expect(fieldNamesOf(entities.task, {})).toEqual(Object.keys(entities.task.fields));
  });
});

describe('the fields of an organization', () => {
  const records = [
    definition('deal', 'cfText02', { label: 'Second', place: 2, help: 'Why', section: 'Terms' }),
    definition('deal', 'cfChoice01', {
      label: 'First',
      place: 1,
      isRequired: true,
      isListed: true,
      options: [
        { value: 'a', label: 'Alpha' },
        { value: 'b', label: 'Beta', isArchived: true },
      ],
    }),
    definition('deal', 'cfText03', { label: 'Gone', place: 3, isArchived: true }),
  ];

  it('CRM-13 stand among the built-in ones in their order; archived ones are found and not listed', () => {
    const { deal, account } = customDefinitions(records);
    expect(Object.keys(deal.fields).slice(-2)).toEqual(['cfChoice01', 'cfText02']);
    expect(Object.keys(deal.fields).slice(0, -2)).toEqual(Object.keys(entities.deal.fields));
    expect(deal.fields['cfChoice01']).toMatchObject({ label: 'First', required: true, listed: true, type: 'select' });
    expect(deal.fields['cfText02']).toMatchObject({ label: 'Second', help: 'Why', section: 'Terms' });
    expect(deal.fields['cfText03']?.label).toBe('Gone');
    expect(account).toBe(entities.account);
    const names = createNames(
      createTranslate({ options: { common: { a: 'Wrong' } } }, 'en'),
      customDefinitions(records),
    );
    expect(names.field(entities.deal, 'cfText03')).toBe('Gone');
    expect(names.option(entities.deal, 'cfChoice01', 'a')).toBe('Alpha');
    expect(names.option(entities.deal, 'cfChoice01', 'b')).toBe('Beta');
  });

  it('CRM-13 are made anew only after one of the definitions changed', () => {
    const all = new Map(records.map((record) => [record.id, record]));
    const source = { get: () => undefined, all: () => all, subscribe: () => () => undefined };
    const first = definitionsIn(source);
    expect(definitionsIn(source)).toBe(first);
    all.set('deal.cfText02', { ...definition('deal', 'cfText02', { label: 'Renamed', place: 2 }) });
    expect(definitionsIn(source).deal.fields['cfText02']?.label).toBe('Renamed');
  });

  it('CRM-13 keep the values of options when they are renamed, and archive what is taken out', () => {
    const first = nextOptions([], [{ label: 'Größe L' }, { label: 'Größe-L' }, { label: '?' }]);
    expect(first.map(({ value }) => value)).toEqual(['grosse_l', 'grosse_l_2', 'option']);
    const next = nextOptions(first, [{ value: 'option', label: 'Unknown' }, { label: 'Größe L' }]);
    expect(next).toEqual([
      { value: 'option', label: 'Unknown' },
      { value: 'grosse_l', label: 'Größe L' },
      { value: 'grosse_l_2', label: 'Größe-L', isArchived: true },
    ]);
  });
});

describe('defining a field', () => {
  it('CRM-13 takes a free place of its kind, by chance, and refuses a second field of the same name', async () => {
    const world = openWorld();
    const taken = new Set<string>();
    for (let number = 0; number < 10; number += 1) {
      const id = await idOf(
        world.run('defineField', { entity: 'deal', kind: 'link', label: `Link ${String(number)}` }),
      );
      taken.add(id);
    }
    expect([...taken].sort()).toEqual(slotsOfKind('link').map((slot) => `deal.${slot}`));
    expect(await world.refuse('defineField', { entity: 'deal', kind: 'link', label: 'More' })).toMatchObject({
      details: { problems: ['slot:noPlaceLeft'] },
    });
    expect(await world.refuse('defineField', { entity: 'deal', kind: 'text', label: ' link 3 ' })).toMatchObject({
      details: { problems: ['label:sameLabel'] },
    });
    expect(await world.refuse('defineField', { entity: 'task', kind: 'money', label: 'Cost' })).toMatchObject({
      details: { problems: ['slot:customPlace'] },
    });
  });

  it('CRM-13 is for whoever may change the settings, and a choice has options', async () => {
    const rep = openWorld('rep', 'sales_rep');
    expect(await rep.refuse('defineField', { entity: 'deal', kind: 'text', label: 'X' })).toMatchObject({
      code: 'action_forbidden',
    });
    const admin = openWorld();
    expect(
      await admin.refuse('defineField', { entity: 'deal', kind: 'choice', label: 'X', options: ['a', 'A'] }),
    ).toMatchObject({ details: { problems: ['options:customOptions'] } });
    const id = await idOf(admin.run('defineField', { entity: 'deal', kind: 'text', label: 'X' }));
    expect(await admin.refuse('deleteRecord', { entity: 'customField', id })).toMatchObject({
      code: 'action_forbidden',
    });
  });
});

describe('values of a custom field', () => {
  it('CRM-13 are refused where nothing is defined, and must be one of the options', async () => {
    const world = openWorld();
    const account = { entity: 'account', values: { name: 'Acme', cfChoice01: 'gold' } };
    expect(await world.refuse('createRecord', account)).toMatchObject({
      details: { problems: ['cfChoice01:unknown'] },
    });
    world.put('customField', {
      ...definition('account', 'cfChoice01', { label: 'Level', options: [{ value: 'gold', label: 'Gold' }] }),
    });
    const id = await idOf(world.run('createRecord', account));
    const change = { entity: 'account', id, values: { cfChoice01: 'silver' } };
    expect(await world.refuse('updateRecord', change)).toMatchObject({
      details: { problems: ['cfChoice01:option'] },
    });
  });

  it('CRM-13 depend on the definition of their field while no server has seen it', async () => {
    const world = openWorld();
    const id = await idOf(world.run('defineField', { entity: 'account', kind: 'text', label: 'Nickname' }));
    const made = world.operations.at(-1)?.opId;
    const slot = id.slice('account.'.length);
    await world.run('createRecord', { entity: 'account', values: { name: 'Acme', [slot]: 'A' } });
    expect(world.operations.at(-1)?.dependsOn).toContain(made);
  });
});

describe('rules about custom fields', () => {
  const rule = (field: string, mode: FieldRule['mode'], entity = 'account', role = 'sales_rep'): FieldRule => ({
    role,
    entity,
    field,
    mode,
  });
  const compile = (rules: readonly FieldRule[]) => compileFieldPolicy({ role: 'sales_rep', rules, pii: [] });

  it('PER-14 hold for one place; the others are one line of the policy, however many there are', () => {
    const policy = compile([rule('cfText01', 'hidden'), rule('cfText02', 'mask')]);
    expect(fieldModeOf(policy, 'account', 'cfText01')).toBe('hidden');
    expect(fieldModeOf(policy, 'account', 'cfText02')).toBe('mask');
    expect(fieldModeOf(policy, 'account', 'cfText03')).toBe('edit');
    const listed = Object.keys(policy.account ?? {});
    expect(listed.filter((field) => field.startsWith('cf'))).toEqual(['cfText01', 'cfText02']);
    expect(listed).toContain(OTHER_CUSTOM);
    expect(hiddenGroupsOf(policy, entities.account)).toEqual(['cfText01']);
    expect(
      explainField({ role: 'sales_rep', rules: [rule('cfText01', 'view')], pii: [] }, 'account', 'cfText01'),
    ).toEqual({ mode: 'view', by: 'rule' });
  });

  it('PER-14 follow the default of the organization where nobody wrote one', () => {
    const policy = compile([rule(ANY, 'hidden', ANY, ANY), rule('cfText02', 'edit')]);
    expect(fieldModeOf(policy, 'account', 'cfText01')).toBe('hidden');
    expect(fieldModeOf(policy, 'account', 'cfText02')).toBe('edit');
    expect(fieldModeOf(policy, 'account', 'cfNonsense')).toBe('hidden');
  });

  it('SYNC-22 a hidden value does not leave, and what was lost is named when the rule changes', () => {
    const actor = { ...createActor('sales_rep', 'rep'), fields: compile([rule('cfText01', 'hidden')]) };
    const record: AnyRecord = {
      ...stamps,
      id: 'a',
      kind: 'account',
      ownerId: 'rep',
      name: 'Acme',
      cfText01: 'x',
      cfText02: 'y',
    };
    const seen = project(actor, entities.account, record);
    expect(seen).toMatchObject({ cfText02: 'y' });
    expect(seen).not.toHaveProperty('cfText01');
    const drop = dropBetween(
      { scopes: {}, fields: compile([rule('phone', 'view')]) },
      { scopes: {}, fields: actor.fields },
    );
    expect(drop.fields).toMatchObject({ account: ['cfText01'] });
  });
});
