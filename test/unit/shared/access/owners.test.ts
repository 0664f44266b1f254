import { expect, it } from 'vitest';
import type { Actor, RoleName } from '#shared/access/actor.ts';
import { isPossibleOwner } from '#shared/access/owners.ts';
import { entities } from '#shared/entities/registry.ts';
import { createActor, createRecord } from '../../../support/sample-entities.ts';

const deal = createRecord({ kind: 'deal', ownerId: 'me', teamId: 'north' });
const people = (
  [
    ['me', 'sales_rep', 'north', true],
    ['anna', 'sales_rep', 'north', true],
    ['otto', 'sales_rep', 'south', true],
    ['gone', 'sales_rep', 'north', false],
    ['vera', 'viewer', 'north', true],
    ['cora', 'a-custom-role', 'north', true],
  ] as const
).map(([id, role, teamId, isActive]) => createRecord({ kind: 'user', id, role, teamId, isActive, ownerId: id }));

function offered(role: RoleName, record = deal, parts: Partial<Actor> = {}): readonly string[] {
  const actor = createActor(role, parts);
  return people.filter((person) => isPossibleOwner(actor, entities.deal, record, person)).map(({ id }) => id);
}

it('PER-11 a record is offered to whom can() would let it go, and who works with such records', () => {
  expect(offered('manager')).toEqual(['me', 'anna', 'otto', 'cora']);
  expect(offered('org_admin')).toEqual(['me', 'anna', 'otto', 'cora']);
});

it('PER-08 a representative is offered nobody but the present owner', () => {
  expect(offered('sales_rep')).toEqual(['me']);
  expect(offered('viewer')).toEqual([]);
});

it('PER-11 nobody is offered for a record out of the own teams', () => {
  const foreign = createRecord({ kind: 'deal', ownerId: 'otto', teamId: 'south' });
  expect(offered('manager', foreign)).toEqual([]);
});
