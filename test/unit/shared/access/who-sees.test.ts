import { expect, test } from 'vitest';
import { createRightsWorld, type RightsRecords } from '#shared/access/rights-world.ts';
import { whoSees } from '#shared/access/who-sees.ts';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';

const stamp = '2026-01-01T00:00:00.000Z';

function record(kind: EntityName, id: string, values: Readonly<Record<string, unknown>> = {}): AnyRecord {
  const envelope = { rev: 1, ownerId: null, teamId: null, createdBy: null, updatedBy: null };
  return { id, kind, ...envelope, createdAt: stamp, updatedAt: stamp, ...values };
}

const rights: RightsRecords = {
  user: [
    record('user', 'mara', { role: 'manager', isActive: true, teamId: 'west' }),
    record('user', 'rene', { role: 'sales_rep', isActive: true, teamId: 'west' }),
    record('user', 'lena', { role: 'sales_rep', isActive: true, teamId: 'east' }),
    record('user', 'vera', { role: 'closer', isActive: true, teamId: 'east' }),
    record('user', 'gone', { role: 'manager', isActive: false, teamId: 'west' }),
  ],
  team: [record('team', 'west', { leadId: 'mara' }), record('team', 'east')],
  role: [],
  fieldRule: [],
  piiRule: [],
  territory: [record('territory', 'north', { memberIds: ['lena'], memberAccess: 'view' })],
};
const userIds = ['mara', 'rene', 'lena', 'vera', 'gone'];

function ask(subject: AnyRecord, held: readonly AnyRecord[] = []) {
  const viewer = createRightsWorld(rights, 'tenant').actorOf('rene');
  if (viewer === null) throw new Error('Rene is there');
  const read = (entity: EntityName, id: string) => held.find((one) => one.kind === entity && one.id === id);
  return whoSees({ records: rights, viewer, definition: entities[subject.kind], record: subject, userIds, read });
}

const deal = record('deal', 'deal', { ownerId: 'rene', teamId: 'west' });

test('TSK-03 of a deal the owner, the team lead and nobody of another team are known to see it', () => {
  expect(ask(deal)).toEqual({ mara: 'yes', rene: 'yes', lena: 'no', vera: 'unknown', gone: 'no' });
});

test('TSK-03 a territory and a share let somebody see, as they do on the server', () => {
  expect(ask({ ...deal, territoryId: 'north' })['lena']).toBe('yes');
  expect(ask({ ...deal, shares: ['view:user:lena'] })['lena']).toBe('yes');
});

test('TSK-03 what follows a record that is not on this computer is unknown where only that record could tell', () => {
  const call = record('activity', 'call', { ownerId: 'rene', teamId: 'west', dealId: 'deal' });
  expect(ask(call)).toMatchObject({ mara: 'unknown', lena: 'unknown' });
  expect(ask(call, [deal])).toMatchObject({ mara: 'yes', lena: 'no' });
});

test('TSK-01 a private task is seen by its assignee and the manager, whoever sees the deal it is about', () => {
  const task = record('task', 'task', { ownerId: 'rene', teamId: 'west', visibility: 'private', dealId: 'deal' });
  const shared = { ...deal, shares: ['view:user:lena'] };
  expect(ask(task, [shared])).toMatchObject({ mara: 'yes', rene: 'yes', lena: 'no' });
  expect(ask({ ...task, visibility: 'assigned' }, [shared])['lena']).toBe('yes');
});
