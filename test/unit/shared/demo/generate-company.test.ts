import { expect, test } from 'vitest';
import { generateDemoCompany } from '#shared/demo/generate-company.ts';
import { roleNames } from '#shared/access/actor.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { stagesOf } from '#shared/entities/pipeline/pipeline.ts';
import { entityOf } from '#shared/entities/registry.ts';
import { snapshotLines } from '#shared/entities/pipeline-snapshot/snapshot-lines.ts';
import { entryFields, isMoveEntry } from '#shared/entities/stage-change/changed-groups.ts';
import { validateRecord } from '#shared/entities/validate-record.ts';
import { isId } from '#shared/kernel/ids.ts';

const fieldOf = (after: string): string =>
  Object.entries(entryFields).find(([, names]) => names[1] === after)?.[0] ?? '';
const nowMs = Date.parse('2026-03-10T09:00:00.000Z');
const company = generateDemoCompany({ seed: 1, nowMs });
const all = company.records;
const of = (entity: EntityName) => all.filter((record) => record.kind === entity);
const deals = of('deal');

test('CRM-08 every record of the demo company is valid and has an id of its own', () => {
  const problems = all.flatMap((record) => {
    const definition = entityOf(record.kind);
    if (definition === undefined) return [`no entity ${record.kind}`];
    return validateRecord(definition, record).map((problem) => `${record.kind}.${problem.field}: ${problem.code}`);
  });
  expect([...new Set(problems)]).toEqual([]);
  expect(new Set(all.map((record) => `${record.kind}/${record.id}`)).size).toBe(all.length);
  expect(all.filter((record) => !isId(record.id))).toEqual([]);
});

test('CRM-04 every reference of the demo company points to a record that exists', () => {
  const known = new Set(all.map((record) => `${record.kind}/${record.id}`));
  const dangling = new Set<string>();
  for (const record of all) {
    for (const [name, field] of Object.entries(entityOf(record.kind)?.fields ?? {})) {
      const value = record[name];
      const ids = Array.isArray(value) ? value : [value];
      for (const id of ids) {
        if (field.to !== undefined && typeof id === 'string' && !known.has(`${field.to}/${id}`))
          dangling.add(`${record.kind}.${name}`);
      }
    }
  }
  expect([...dangling]).toEqual([]);
});

test('CRM-03 the demo company has the promised size, and its deals look like a business', () => {
  const count = (entity: EntityName) => of(entity).length;
  expect([count('account'), count('contact'), count('lead'), count('deal')]).toEqual([60, 250, 150, 2000]);
  expect([count('activity'), count('task'), count('team'), count('territory')]).toEqual([3000, 400, 3, 2]);
  const won = deals.filter((deal) => deal['status'] === 'won').length;
  const lost = deals.filter((deal) => deal['status'] === 'lost').length;
  const open = deals.length - won - lost;
  expect(won / (won + lost)).toBeGreaterThan(0.3);
  expect(won / (won + lost)).toBeLessThan(0.6);
  expect(open).toBeGreaterThan(120);
  expect(open).toBeLessThan(600);
  const stale = deals.filter(
    (deal) => deal['status'] === 'open' && Date.parse(String(deal['stageChangedAt'])) < nowMs - 60 * 86_400_000,
  );
  expect(stale.length).toBeGreaterThan(10);
  const instants = all.flatMap((record) => [record.createdAt, record.updatedAt]);
  expect(instants.filter((instant) => Date.parse(instant) > nowMs)).toEqual([]);
});

test('ANA-20 sellers and leads of the demo company have quotas and a past that forecasts are measured by', () => {
  expect([of('quota').length, of('forecastSubmission').length]).toEqual([11 * 3, 11 * 2 * 3]);
  expect(of('quota').filter((quota) => quota['periodStart'] === '2026-01-01')).toHaveLength(11);
  const judged = deals.filter((deal) => deal['forecastCategory'] === 'most_likely');
  expect(judged.length).toBeGreaterThan(10);
  expect(judged.filter((deal) => deal['status'] !== 'open')).toEqual([]);
});

test('ANA-08 SYNC-57 every history of the demo company is a chain that ends in its deal, and the last ninety days saw movement', () => {
  const byDeal = Map.groupBy(of('stageChange'), (entry) => String(entry['dealId']));
  for (const deal of deals) {
    const entries = byDeal.get(deal.id) ?? [];
    for (const [index, entry] of entries.entries()) {
      const next = entries[index + 1];
      for (const [before, after] of Object.values(entryFields))
        expect(entry[after], `${deal.id} ${after}`).toEqual(next === undefined ? deal[fieldOf(after)] : next[before]);
      expect(next === undefined || next.createdAt >= entry.createdAt).toBe(true);
    }
    expect(Date.parse(deal.updatedAt)).toBeGreaterThanOrEqual(Date.parse(entries.at(-1)?.createdAt ?? ''));
  }
  const since = new Date(nowMs - 90 * 86_400_000).toISOString();
  const changes = of('stageChange').filter((entry) => !isMoveEntry(entry) && entry.createdAt > since);
  const count = (isIt: (entry: (typeof changes)[number]) => boolean): number => changes.filter(isIt).length;
  expect(count((entry) => Number(entry['amountAfter']) > Number(entry['amountBefore']))).toBeGreaterThan(20);
  expect(count((entry) => Number(entry['amountAfter']) < Number(entry['amountBefore']))).toBeGreaterThan(20);
  expect(count((entry) => String(entry['closeDateAfter']) > String(entry['closeDateBefore']))).toBeGreaterThan(20);
  expect(count((entry) => String(entry['closeDateAfter']) < String(entry['closeDateBefore']))).toBeGreaterThan(20);
});

test('ANA-09 the demo company has a snapshot of each of the last ninety days', () => {
  const days = new Set(of('pipelineSnapshot').map((snapshot) => snapshot['day']));
  expect(days.size).toBe(90);
  expect([days.has('2026-03-09'), days.has('2026-03-10')]).toEqual([true, false]);
  const lines = of('pipelineSnapshot').map((snapshot) => snapshotLines(snapshot) ?? []);
  expect(lines.every((list) => list.length > 0 && list.every((line) => line.amount >= line.weighted))).toBe(true);
});

test('CRM-04 the last entry of the history of a deal is the stage it stands in', () => {
  const last = new Map<string, string>();
  for (const change of of('stageChange')) last.set(String(change['dealId']), String(change['toStage']));
  expect(deals.filter((deal) => last.get(deal.id) !== deal['stageId'])).toEqual([]);
  expect(stagesOf(of('pipeline')[0]).map((stage) => stage.probability)).toEqual([10, 20, 50, 75, 100, 0]);
});

test('IDT-05 the first five users are one of each role, with passwords that are nowhere in the records', () => {
  expect(company.users.slice(0, 5).map((user) => user.role)).toEqual([...roleNames]);
  expect(company.users.slice(0, 5).map((user) => user.email.split('@')[0])).toEqual([
    'super',
    'admin',
    'manager',
    'rep',
    'viewer',
  ]);
  expect(new Set(company.users.map((user) => user.email)).size).toBe(14);
  const text = JSON.stringify(all);
  expect(company.users.filter((user) => text.includes(user.password))).toEqual([]);
});

test('ENG-04 the same seed and instant give the same company, another seed another one', () => {
  expect(JSON.stringify(generateDemoCompany({ seed: 1, nowMs }))).toBe(JSON.stringify(company));
  expect(generateDemoCompany({ seed: 2, nowMs }).users[0]?.password).not.toBe(company.users[0]?.password);
});
