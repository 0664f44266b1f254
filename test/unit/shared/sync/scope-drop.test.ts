import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OTHER_CUSTOM, type FieldMode, type FieldPolicy } from '#shared/access/field-policy.ts';
import { keySetOf, meets, scopeKeysOf } from '#shared/access/scope.ts';
import { roleNames, type Actor } from '#shared/access/actor.ts';
import { permissionsOf } from '#shared/access/roles.ts';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { dropBetween, isDropped, isEmptyDrop, withoutLostFields, type Reach } from '#shared/sync/scope-drop.ts';
import { propertyRuns } from '../../../support/sample-entities.ts';

function reachOf(actor: Actor, fields: FieldPolicy = {}): Reach {
  const scopes: Record<string, ReturnType<typeof keySetOf>> = {};
  for (const definition of Object.values(entities)) {
    const keySet = keySetOf(actor, definition, 'read');
    if (keySet.all || keySet.keys.length > 0) scopes[definition.name] = keySet;
  }
  return { scopes, fields };
}

const actors = fc
  .record({ role: fc.constantFrom(...roleNames), teamIds: fc.subarray(['north', 'south', 'east']) })
  .map(({ role, teamIds }): Actor => ({
    tenantId: 'tenant',
    userId: 'me',
    name: 'Me',
    email: 'me@example.test',
    role,
    teamIds,
    permissions: permissionsOf(role),
    epoch: 1,
  }));

const records = fc
  .record({
    kind: fc.constantFrom<EntityName>('account', 'deal', 'task', 'product', 'savedView', 'user', 'conflict'),
    ownerId: fc.constantFrom('me', 'other', null),
    teamId: fc.constantFrom('north', 'south', 'east', null),
    visibility: fc.constantFrom('team', 'private'),
    participantIds: fc.subarray(['me', 'other']),
    isShared: fc.boolean(),
  })
  .map((values) => ({ id: 'r', rev: 1, createdBy: 'other', ...values }) as unknown as AnyRecord);

function isVisible(actor: Actor, record: AnyRecord): boolean {
  const definition = entities[record.kind];
  return meets(keySetOf(actor, definition, 'read'), scopeKeysOf(definition, record));
}

/** A policy in which only the amount of deals is governed. */
function amountIs(mode: FieldMode): FieldPolicy {
  const modes = Object.keys(entities.deal.fields).map((field) => [field, field === 'amount' ? mode : 'edit'] as const);
  const seen = modes.filter(([, allowed]) => allowed !== 'hidden');
  return { deal: { ...Object.fromEntries(seen), [OTHER_CUSTOM]: 'edit' } };
}

describe('what is lost between two sets of rights', () => {
  it('SYNC-25 takes exactly the records that were visible and are not any more', () => {
    fc.assert(
      fc.property(actors, actors, records, (before, after, record) => {
        fc.pre(isVisible(before, record));
        const drop = dropBetween(reachOf(before), reachOf(after));
        expect(isDropped(drop, record)).toBe(!isVisible(after, record));
      }),
      propertyRuns,
    );
  });

  it('SYNC-25 names nothing when nothing was lost, and only keys the user holds', () => {
    fc.assert(
      fc.property(actors, actors, (before, after) => {
        expect(isEmptyDrop(dropBetween(reachOf(before), reachOf(before)))).toBe(true);
        const held = new Set(Object.values(reachOf(after).scopes).flatMap((keySet) => (keySet.all ? [] : keySet.keys)));
        const { scopes } = dropBetween(reachOf(before), reachOf(after));
        for (const key of Object.values(scopes).flat()) expect(held.has(key)).toBe(true);
      }),
      propertyRuns,
    );
  });

  it('SYNC-22 takes fields that are shown less than before, and no others', () => {
    const modes: readonly FieldMode[] = ['hidden', 'mask', 'view', 'edit'];
    for (const [from, before] of modes.entries()) {
      for (const [to, after] of modes.entries()) {
        const drop = dropBetween({ scopes: {}, fields: amountIs(before) }, { scopes: {}, fields: amountIs(after) });
        const isLess = to < from && after !== 'view';
        // The values of conflicts and of the history may be those of the field.
        const lost = { deal: ['amount'], conflict: ['base', 'kept', 'lost'], fieldChange: ['before', 'after'] };
        expect(drop.fields).toEqual(isLess ? lost : {});
        const values = { name: 'Deal', amount: 5 };
        expect(withoutLostFields(drop, 'deal', values)).toEqual(isLess ? { name: 'Deal' } : values);
        expect(withoutLostFields(drop, 'lead', values)).toBe(values);
      }
    }
    const fromOpen = dropBetween({ scopes: {}, fields: {} }, { scopes: {}, fields: amountIs('hidden') });
    expect(fromOpen.fields).toMatchObject({ deal: ['amount'] });
  });

  it('SYNC-25 SYNC-37 what is seen because of its record goes, whoever wrote it; a task stays with whoever has to do it', () => {
    const drop = { scopes: { activity: ['o:me'], task: ['o:me'], conflict: ['o:me'] }, fields: {} };
    const base = { id: 'x', rev: 1, teamId: null, createdAt: '', createdBy: null, updatedAt: '', updatedBy: null };
    const of = (kind: EntityName, values: object): AnyRecord => ({ ...base, kind, ownerId: 'me', ...values });
    expect(isDropped(drop, of('activity', { dealId: 'd1' }))).toBe(true);
    expect(isDropped(drop, of('conflict', { subjectEntity: 'deal', subjectId: 'd1' }))).toBe(true);
    expect(isDropped(drop, of('activity', {}))).toBe(false);
    expect(isDropped(drop, of('task', { dealId: 'd1' }))).toBe(false);
  });
});
