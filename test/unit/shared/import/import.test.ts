import Papa from 'papaparse';
import { expect, test } from 'vitest';
import { buildRows } from '#shared/import/build-rows.ts';
import { buildSalesTeams, isSalesTeamPlan } from '#shared/import/build-sales-teams.ts';
import { toDay } from '#shared/import/convert-value.ts';
import { guessEntity, guessMapping } from '#shared/import/guess-mapping.ts';
import type { ImportPlan } from '#shared/import/import-plan.ts';
import { findEncodingProblem, toTable } from '#shared/import/parse-table.ts';
import { createReferenceIndex } from '#shared/import/reference-index.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { createActor, createCommandWorld } from '#test/support/command-world.ts';

const tableOf = (text: string) => toTable(Papa.parse<string[]>(text).data);

function createIds() {
  let count = 0;
  return () => `id-${String((count += 1))}`;
}

function planFor(entity: EntityName, text: string, change: Partial<ImportPlan> = {}): ImportPlan {
  const columns = guessMapping(entities[entity], tableOf(text));
  return { entity, columns, currency: 'EUR', matchBy: ['externalId', 'name'], onMatch: 'skip', ...change };
}

const fieldsOf = (plan: ImportPlan) => plan.columns.map((column) => column.field);

const accountFile = `company,sector,year_established,revenue,employees,office_location,subsidiary_of
Talwerk Ltd,technolgy,1996,12.04,2822,Norway,Bergholm Group
Bergholm Group,medical,1986,7.18,1185,Kenya,
Ostwind,retail,n/a,5.00,40,Poland,`;

const dealFile = `opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value
A1,Mira Voss,NorthPro,Talwerk Ltd,Won,2025-10-20,2025-12-01,1054
A2,Mira Voss,North Pro,,Engaging,2025-11-02,,
A3,Jon Adeyemi,South Basic,Bergholm Group,Lost,2025-09-01,2025-10-07,0
A4,Nobody Known,South Basic,Bergholm Group,Prospecting,,,
A3,Mira Voss,South Basic,Bergholm Group,Won,2025-09-01,2025-10-07,5`;

function createReferences() {
  return createReferenceIndex([
    { entity: 'user', id: 'mira', title: 'Mira Voss', keys: ['mira@example.com'] },
    { entity: 'user', id: 'jon', title: 'Jon Adeyemi', keys: [] },
    { entity: 'product', id: 'north', title: 'North Pro', keys: [] },
    { entity: 'product', id: 'south', title: 'South Basic', keys: [] },
    { entity: 'account', id: 'talwerk', title: 'Talwerk Ltd', keys: ['ACC-1'] },
    { entity: 'account', id: 'berg', title: 'Bergholm Group', keys: [] },
  ]);
}

test('ANA-01 the score another program gave its leads comes along', () => {
  const file = `lead name,lead status,lead score
Nora Berg,qualified,78
Jon Adeyemi,new,`;
  const plan = planFor('lead', file);
  expect(fieldsOf(plan)).toEqual(['name', 'status', 'score']);
  const { rows } = buildRows(tableOf(file), plan, { references: createReferences(), createId: createIds() });
  expect(rows.map(({ values }) => values['score'])).toEqual([78, undefined]);
});

test('IMP-04 columns find their fields by name, in English and German', () => {
  expect(fieldsOf(planFor('account', accountFile))).toEqual([
    'name',
    'industry',
    'yearEstablished',
    'annualRevenue',
    'employees',
    'billingCountry',
    'parentAccountId',
  ]);
  expect(fieldsOf(planFor('deal', dealFile))).toEqual([
    'externalId',
    'ownerId',
    'productIds',
    'accountId',
    'stageId',
    'openedAt',
    'closeDate',
    'amount',
  ]);
  expect(
    fieldsOf(planFor('contact', 'Vorname,Nachname,Firma,E-Mail,Telefon,PLZ,Ort\nAda,Falk,Ostwind,a@b.de,+49 1,1,X')),
  ).toEqual(['firstName', 'lastName', 'accountId', 'email', 'phone', 'postalCode', 'city']);
});

test('IMP-05 people nobody knows can stand for one who is known, all at once; those who are known stay', () => {
  const plan = planFor('deal', dealFile);
  const columns = plan.columns.map((column) => (column.field === 'ownerId' ? { ...column, others: 'jon' } : column));
  const result = buildRows(
    tableOf(dealFile),
    { ...plan, columns },
    { references: createReferences(), createId: createIds() },
  );
  expect(result.rows.map(({ values }) => values['ownerId'])).toEqual(['mira', 'mira', 'jon', 'jon']);
  expect(result.corrections).toContainEqual({ field: 'ownerId', from: 'Nobody Known', to: 'Jon Adeyemi' });
  expect(result.errors.map(({ row }) => row)).toEqual([6]);
});

test('IMP-04 the kind of record is guessed from the headers', () => {
  expect(guessEntity(entities, tableOf(accountFile))).toBe('account');
  expect(guessEntity(entities, tableOf(dealFile))).toBe('deal');
  expect(guessEntity(entities, tableOf('product,series,sales_price\nNorth Pro,North,550'))).toBe('product');
  expect(guessEntity(entities, tableOf('sales_agent,manager,regional_office\nMira Voss,Ann Dahl,East'))).toBe('user');
});

test('IMP-04 a column without a telling name is found by its values', () => {
  const plan = planFor('contact', 'name,xyz\nAda,ada@example.com\nBo,bo@example.com');
  expect(fieldsOf(plan)).toEqual(['name', 'email']);
});

test('IMP-05 accounts come with corrected values, amounts in minor units, and parents before children', () => {
  const plan = planFor('account', accountFile);
  const millions = {
    ...plan,
    columns: plan.columns.map((column) =>
      column.field === 'annualRevenue' ? { ...column, factor: 1_000_000 } : column,
    ),
  };
  const result = buildRows(tableOf(accountFile), millions, {
    references: createReferenceIndex([]),
    createId: createIds(),
  });
  expect(result.rows.map((row) => row.values['name'])).toEqual(['Bergholm Group', 'Talwerk Ltd']);
  expect(result.rows[1]?.values).toMatchObject({
    industry: 'technology',
    annualRevenue: 1_204_000_000,
    currency: 'EUR',
    parentAccountId: result.rows[0]?.id,
  });
  expect(result.corrections).toContainEqual({ field: 'industry', from: 'technolgy', to: 'technology' });
  expect(result.errors).toEqual([
    { row: 4, field: 'yearEstablished', code: 'number', message: 'This is not a number.', value: 'n/a' },
  ]);
  expect(result.failedRows).toBe(1);
});

test('IMP-05 deals find account, product and owner, and every line is accounted for', () => {
  const result = buildRows(tableOf(dealFile), planFor('deal', dealFile), {
    references: createReferences(),
    createId: createIds(),
  });
  expect(result.rows.map((row) => row.row)).toEqual([2, 3, 4]);
  expect(result.rows[0]?.values).toMatchObject({
    name: 'Talwerk Ltd – North Pro',
    accountId: 'talwerk',
    productIds: ['north'],
    ownerId: 'mira',
    stageId: 'closed_won',
    openedAt: '2025-10-20',
    closeDate: '2025-12-01',
    amount: 105_400,
    externalId: 'A1',
  });
  expect(result.rows[1]?.values).toMatchObject({ stageId: 'qualification', name: 'North Pro' });
  expect(result.rows[2]?.values).toMatchObject({ stageId: 'closed_lost', wonLostReason: 'imported', amount: 0 });
  expect(result.errors.map(({ row, field }) => [row, field])).toEqual([
    [6, 'externalId'],
    [5, 'ownerId'],
  ]);
  expect(result.failedRows + result.rows.length).toBe(5);
  expect(result.corrections).toContainEqual({ field: 'productIds', from: 'NorthPro', to: 'North Pro' });
});

test('IMP-06 rows that were built pass the same command a user gives', async () => {
  const world = createCommandWorld(createActor('org_admin', 'admin'));
  const references = createReferences();
  const { rows } = buildRows(tableOf(dealFile), planFor('deal', dealFile), { references, createId: createIds() });
  for (const row of rows) await world.run('createRecord', { entity: row.entity, id: row.id, values: row.values });
  expect(world.all('deal').map((deal) => deal['status'])).toEqual(['won', 'open', 'lost']);
  expect(world.all('deal')[0]).toMatchObject({
    closedAt: '2025-12-01T00:00:00.000Z',
    ownerId: 'mira',
    probability: 100,
  });
});

test('IMP-13 a row whose record exists is skipped, changed or created anew, as the plan says', () => {
  const text = 'name,phone\ntalwerk ltd,+49 30 1';
  const run = (onMatch: ImportPlan['onMatch']) =>
    buildRows(tableOf(text), planFor('account', text, { onMatch }), {
      references: createReferences(),
      createId: createIds(),
    }).rows[0];
  expect(run('skip')).toMatchObject({ action: 'skip', id: 'talwerk' });
  expect(run('update')).toMatchObject({ action: 'update', id: 'talwerk' });
  expect(run('create')).toMatchObject({ action: 'create', id: 'id-1' });
});

test('IMP-07 people and customers are never found by a near miss, only suggested', () => {
  const references = createReferences();
  expect(references.find('account', 'Bergholm Groop')).toEqual({
    found: false,
    reason: 'missing',
    suggestion: 'Bergholm Group',
  });
  expect(references.find('account', 'acc-1')).toMatchObject({ found: true, id: 'talwerk' });
  references.add({ entity: 'account', id: 'other', title: 'talwerk ltd', keys: [] });
  expect(references.find('account', 'Talwerk Ltd')).toMatchObject({ found: false, reason: 'ambiguous' });
});

test('IMP-05 a list of sales people becomes offices, managers, teams and users', () => {
  const text =
    'sales_agent,manager,regional_office\nMira Voss,Ann Dahl,East\nJon Adeyemi,Ann Dahl,East\nZoë Ünal,Bo Falk,West';
  const table = tableOf(text);
  const columns = guessMapping(entities.user, table);
  expect(isSalesTeamPlan(columns)).toBe(true);
  const { rows, errors } = buildSalesTeams(table, columns, {
    references: createReferenceIndex([]),
    createId: createIds(),
  });
  expect(errors).toEqual([]);
  expect(rows.map((row) => `${row.entity} ${String(row.values['name'])}`)).toEqual([
    'territory East',
    'territory West',
    'user Ann Dahl',
    'user Bo Falk',
    'team Team Ann Dahl',
    'team Team Bo Falk',
    'user Mira Voss',
    'user Jon Adeyemi',
    'user Zoë Ünal',
  ]);
  const ann = rows[2];
  expect(rows[4]?.values).toMatchObject({ leadId: ann?.id, territoryId: rows[0]?.id });
  expect(rows[6]?.values).toMatchObject({ managerId: ann?.id, teamId: rows[4]?.id, role: 'sales_rep' });
  expect(rows[8]?.values['email']).toBe('zoe.unal@not-entered.invalid');
});

test.each([
  ['2025-03-04', undefined, '2025-03-04'],
  ['4.3.2025', undefined, '2025-03-04'],
  ['03/04/2025', 'mdy', '2025-03-04'],
  ['03/04/2025', 'dmy', '2025-04-03'],
  ['03/04/2025', undefined, null],
  ['13/04/2025', undefined, '2025-04-13'],
  ['20250304', undefined, '2025-03-04'],
  ['4. März 2025', undefined, '2025-03-04'],
  ['Mar 4, 2025', undefined, '2025-03-04'],
  ['31.02.2025', undefined, null],
  ['soon', undefined, null],
] as const)('IMP-07 the day %s (%s) is %s', (text, order, expected) => {
  expect(toDay(text, order)).toBe(expected);
});

test('IMP-06 title lines, empty lines, byte order mark and repeated headers are understood', () => {
  const table = tableOf('\uFEFFExport of Monday\n\nName,Phone,Phone\nA,1,2\n\n,,\n');
  expect(table.headers).toEqual(['Name', 'Phone', 'Phone (2)']);
  expect(table.rows[0]).toEqual(['A', '1', '2']);
  expect(table.firstRowNumber).toBe(4);
  expect(findEncodingProblem('Müller')).toBeNull();
  expect(findEncodingProblem('MÃ¼ller')).toBe('twice');
  expect(findEncodingProblem('M\uFFFDller')).toBe('replaced');
});
