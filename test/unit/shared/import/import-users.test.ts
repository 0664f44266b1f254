import Papa from 'papaparse';
import { expect, test } from 'vitest';
import { entities } from '#shared/entities/registry.ts';
import { buildRows } from '#shared/import/build-rows.ts';
import { isSalesTeamPlan } from '#shared/import/build-sales-teams.ts';
import { guessMapping } from '#shared/import/guess-mapping.ts';
import type { ImportResult } from '#shared/import/import-plan.ts';
import { toTable } from '#shared/import/parse-table.ts';
import { createReferenceIndex } from '#shared/import/reference-index.ts';

function importUsers(text: string): ImportResult {
  const table = toTable(Papa.parse<string[]>(text).data);
  const columns = guessMapping(entities.user, table);
  expect(isSalesTeamPlan(columns)).toBe(false);
  let lastId = 0;
  return buildRows(
    table,
    { entity: 'user', columns, currency: 'EUR', matchBy: ['email'], onMatch: 'update' },
    {
      references: createReferenceIndex([
        { entity: 'team', id: 'west', title: 'West', keys: [] },
        { entity: 'role', id: 'closer', title: 'Closer', keys: [] },
        { entity: 'user', id: 'mara', title: 'Mara Manager', keys: ['mara@example.test'] },
      ]),
      createId: () => `row-${(lastId += 1)}`,
    },
  );
}

const problemsOf = ({ errors }: ImportResult) => errors.map(({ row, field, code }) => [row, field, code]);

test('IDT-18 finds roles, teams and managers by name, the older and the own names of roles among them, and knows who is there', () => {
  const { rows, errors } = importUsers(
    [
      'name,email,role,team,manager',
      'Rene Rep,rene@example.test,Sales,West,Mara Manager',
      'Lena Lead,lena@example.test,Closer,west,rene@example.test',
      'Otto Office,otto@example.test,,,Lena Lead',
      'Mara Manager,MARA@example.test,admin,West,',
    ].join('\n'),
  );
  expect(errors).toEqual([]);
  const byName = new Map(rows.map((row) => [row.values['name'], row]));
  const rene = byName.get('Rene Rep');
  expect(rene).toMatchObject({ action: 'create', values: { role: 'sales_rep', teamId: 'west', managerId: 'mara' } });
  const lena = byName.get('Lena Lead');
  expect(lena).toMatchObject({ values: { role: 'closer', teamId: 'west', managerId: rene?.id } });
  expect(byName.get('Otto Office')).toMatchObject({ values: { role: 'sales_rep', managerId: lena?.id } });
  expect(byName.get('Mara Manager')).toMatchObject({ action: 'update', id: 'mara', values: { role: 'org_admin' } });
  // Whoever is referred to comes first.
  expect(rows.indexOf(rene ?? (rows[0] as never))).toBeLessThan(rows.indexOf(lena ?? (rows[0] as never)));
});

test('IDT-18 says for each line what is wrong with which field', () => {
  const result = importUsers(
    [
      'name,email,role,team,manager',
      'Rene Rep,rene@example.test,Emperor,Nowhere,Nobody',
      'Rene Again,rene@example.test,,,',
      'No Address,not an address,,,',
      'Much Wrong,none either,Emperor,,',
      ',,Emperor,,',
    ].join('\n'),
  );
  expect(result.rows).toEqual([]);
  expect(problemsOf(result)).toEqual(
    expect.arrayContaining([
      [2, 'role', 'option'],
      [2, 'teamId', 'noRecord'],
      [2, 'managerId', 'noRecord'],
      [3, 'email', 'twiceInFile'],
      [4, 'email', 'email'],
      [5, 'email', 'email'],
      [5, 'role', 'option'],
      [6, 'name', 'required'],
      [6, 'email', 'required'],
      [6, 'role', 'option'],
    ]),
  );
  expect(result.failedRows).toBe(5);
});

test('A12 IDT-18 reporting lines of a file that lead back to themselves are errors, and so is who reports into them', () => {
  const result = importUsers(
    [
      'name,email,manager',
      'Ann,ann@example.test,Bo',
      'Bo,bo@example.test,Ann',
      'Cy,cy@example.test,Bo',
      'Di,di@example.test,Cy',
      'Ed,ed@example.test,Mara Manager',
    ].join('\n'),
  );
  expect(problemsOf(result)).toEqual([
    [2, 'managerId', 'cycle'],
    [3, 'managerId', 'cycle'],
    [4, 'managerId', 'noRecord'],
    [5, 'managerId', 'noRecord'],
  ]);
  expect(result.rows.map(({ values }) => values['name'])).toEqual(['Ed']);
});

test('IMP-07 a line that refers to a line with an error is not imported without it', () => {
  const result = importUsers('name,email,role,manager\nAnn,ann@example.test,Emperor,\nBo,bo@example.test,,Ann');
  expect(result.rows).toEqual([]);
  expect(problemsOf(result)).toEqual([
    [2, 'role', 'option'],
    [3, 'managerId', 'noRecord'],
  ]);
});
