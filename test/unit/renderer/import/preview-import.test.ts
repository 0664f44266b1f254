import { expect, test } from 'vitest';
import { previewImport } from '#renderer/data/import-rows.ts';
import { createRecordMirror } from '#renderer/data/record-mirror.ts';
import { createActor, createCommandWorld } from '#test/support/command-world.ts';

function preview(text: string) {
  const world = createCommandWorld(createActor('sales_rep', 'me'));
  const source = createRecordMirror();
  const known = { id: 'known', kind: 'account', rev: 1, ownerId: 'me', teamId: 'team-1', createdBy: null } as const;
  const stamps = { createdAt: '2026-01-01T00:00:00.000Z', updatedAt: '2026-01-01T00:00:00.000Z', updatedBy: null };
  const account = { ...known, ...stamps, name: 'Known', billingCity: 'Basel', pending: [] };
  source.change([{ entity: 'account', id: 'known', after: account }]);
  world.put('account', account);
  const columns = [
    { header: 'Company', field: 'name' },
    { header: 'City', field: 'billingCity' },
    { header: 'Website', field: 'website' },
    { header: 'Founded', field: 'yearEstablished' },
  ];
  const plan = { entity: 'account', currency: 'EUR', matchBy: ['name'], onMatch: 'update', columns } as const;
  let made = 0;
  return previewImport(
    source,
    { fileName: 'a.csv', text, plan },
    () => {
      made += 1;
      return `new-${made}`;
    },
    world.context(),
  );
}

test('IMP-04 among the first rows of a preview are only rows that become something, each with what happens to it', async () => {
  const answer = await preview(
    [
      'Company,City,Website,Founded',
      'One,Ulm,not a url,',
      'Two,Ulm,,',
      'Three,Ulm,,last year',
      'Known,Basel,,',
      'Four,Ulm,,',
    ].join('\n'),
  );
  expect(answer.sample.map(({ row, action }) => [row, action])).toEqual([
    [3, 'create'],
    [5, 'skip'],
    [6, 'create'],
  ]);
  expect([answer.read, answer.create, answer.skip, answer.failed]).toEqual([5, 2, 1, 2]);
  expect(answer.errors.map(({ row, field, code }) => [row, field, code])).toEqual([
    [2, 'website', 'url'],
    [4, 'yearEstablished', 'number'],
  ]);
});

test('IMP-05 a list of sales people counts its lines, not the offices, managers and teams that it makes besides', async () => {
  const world = createCommandWorld(createActor('org_admin', 'me'));
  const columns = [
    { header: 'sales_agent', field: 'name' },
    { header: 'manager', field: 'managerId' },
    { header: 'regional_office', field: 'territoryId' },
  ];
  const plan = { entity: 'user', currency: 'EUR', matchBy: ['name'], onMatch: 'merge', columns } as const;
  const text = 'sales_agent,manager,regional_office\nMira Voss,Ann Dahl,East\nJon Adeyemi,Ann Dahl,East\n,Bo Falk,West';
  let made = 0;
  const createId = (): string => {
    made += 1;
    return `new-${String(made)}`;
  };
  const answer = await previewImport(
    createRecordMirror(),
    { fileName: 'team.csv', text, plan },
    createId,
    world.context(),
  );
  expect([answer.read, answer.create, answer.update, answer.skip, answer.failed]).toEqual([3, 2, 0, 0, 1]);
  // Office, manager and team of the two are made all the same.
  expect(made).toBe(5);
});
