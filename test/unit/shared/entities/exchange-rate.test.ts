import { expect, test } from 'vitest';
import { figuresOf, ORGANIZATION_ID } from '#shared/entities/organization/organization.ts';
import { createActor, createCommandWorld } from '../../../support/command-world.ts';

const usd = { currency: 'USD', homeCurrency: 'EUR', day: '2026-03-01', rate: '0.9213' };

test('ANA-20 an administrator adds, changes and deletes a rate; others see rates and are told who could', async () => {
  const world = createCommandWorld(createActor('org_admin', 'admin'));
  const { recordId } = await world.run('createRecord', { entity: 'exchangeRate', values: usd });
  await world.run('updateRecord', { entity: 'exchangeRate', id: recordId, values: { rate: '0.93' } });
  expect(world.get('exchangeRate', recordId ?? '')['rate']).toBe('0.93');
  await world.run('deleteRecord', { entity: 'exchangeRate', id: recordId });
  expect(world.all('exchangeRate')).toEqual([]);
  const other = createCommandWorld(createActor('manager', 'manager'));
  const refusal = await other.refuse('createRecord', { entity: 'exchangeRate', values: usd });
  expect([refusal.code, refusal.details['reason'], refusal.details['who']]).toEqual([
    'action_forbidden',
    'role',
    'admin',
  ]);
});

test('ANA-20 a rate that is none, or one of a currency against itself, is refused', async () => {
  const world = createCommandWorld(createActor('org_admin', 'admin'));
  const zero = await world.refuse('createRecord', { entity: 'exchangeRate', values: { ...usd, rate: '0' } });
  const same = await world.refuse('createRecord', { entity: 'exchangeRate', values: { ...usd, currency: 'EUR' } });
  expect([zero.details['problems'], same.details['problems']]).toEqual([['rate:rate'], ['currency:sameCurrency']]);
});

test('ANA-20 what an organization did not decide about its figures has a default', async () => {
  expect(figuresOf(null)).toEqual({ currency: 'EUR', fiscalYearStart: 1, workingDays: [1, 2, 3, 4, 5] });
  const world = createCommandWorld(createActor('org_admin', 'admin'));
  const values = { currency: 'CHF', fiscalYearStart: 4, workingDays: ['mon', 'sat'] };
  await world.run('createRecord', { entity: 'organization', id: ORGANIZATION_ID, values });
  expect(figuresOf(world.get('organization', ORGANIZATION_ID))).toEqual({ ...values, workingDays: [1, 6] });
  const refusal = await world.refuse('updateRecord', {
    entity: 'organization',
    id: ORGANIZATION_ID,
    values: { fiscalYearStart: 13 },
  });
  expect(refusal.details['problems']).toEqual(['fiscalYearStart:month']);
});
