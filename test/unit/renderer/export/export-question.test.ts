// What the jobs of this computer keep of an export is enough to make it again, and nothing older is taken for it.
import { expect, it } from 'vitest';
import type { ExportContext } from '#renderer/blocks/export/export-context.ts';
import { makeExport, type ExportMakers } from '#renderer/blocks/export/export-makers.ts';
import { refusalOfExport } from '#renderer/blocks/export/export-offer.ts';
import {
  keepExport,
  readKeptExport,
  type ExportQuestion,
  type KeptExport,
} from '#renderer/blocks/export/export-question.ts';
import { createFieldModes } from '#renderer/blocks/use-field-modes.ts';
import { makePivot } from '#renderer/features/pivot/make-pivot.ts';
import { firstSpec } from '#shared/analytics/edit-spec.ts';
import type { FieldPolicy } from '#shared/access/field-policy.ts';
import { createActor } from '#test/support/command-world.ts';

const pivot: ExportQuestion<'pivot'> = {
  kind: 'pivot',
  asked: { spec: { ...firstSpec(() => true), asOf: '2026-01-31' }, folded: ['["open"]'], chart: { type: 'bar' } },
};
const period = { start: '2026-01-01', end: '2026-03-31' };
const query = {
  hierarchy: 'managers',
  columnMode: 'cumulative',
  period,
  periodType: 'quarter',
  method: 'weighted',
  scenario: 'worst',
  customFactor: 1,
  quotaBasis: 'own',
} as const;
const questions = [
  { kind: 'list', asked: { query: { entity: 'deal', sort: [] }, fields: ['name'], isWhole: false, ids: ['a', 'b'] } },
  pivot,
  { kind: 'dashboard', asked: { tiles: [], filters: { period: 'thisQuarter', owner: 'u-1' } } },
  { kind: 'forecast', asked: { query, numbers: 'all' } },
  { kind: 'submission', asked: { query, nodeKey: 'team:1', id: 's-1' } },
  { kind: 'changes', asked: { query: { period: null, from: '2026-01-01', to: '2026-01-31' }, isUntilNow: true } },
] as const satisfies readonly ExportQuestion[];

const keep = (question: ExportQuestion): KeptExport => ({
  version: 2,
  title: 'Open by stage',
  subject: { kind: 'analytics', what: 'report', source: 'deal' },
  format: 'csv',
  language: 'de',
  question,
});

it('OBS-04 IMP-01 what is kept of an export says everything: what is asked, in which form and in which language', () => {
  for (const question of questions) expect(readKeptExport(keepExport(keep(question)))).toEqual(keep(question));
});

it('OBS-04 IMP-01 an export of a former version, which knew its screen only, is not taken for one that can be made again', () => {
  expect(readKeptExport('{"is":"screen","title":"Pivot","route":"/analytics/pivot"}')).toBeNull();
  expect(readKeptExport('{"is":"list","title":"Deals","job":{},"record":{}}')).toBeNull();
  expect(readKeptExport(JSON.stringify({ ...keep(pivot), format: 'doc' }))).toBeNull();
});

const control = { title: 'Open by stage', form: 'csv', onAsked: () => undefined } as const;

it('OBS-04 ANA-17 each export is made by the maker of its kind, with what it asked for', async () => {
  const made: string[] = [];
  const maker = (kind: string) => (_context: ExportContext, asked: unknown) => {
    made.push(`${kind} ${JSON.stringify(asked)}`);
    return Promise.resolve({ table: { title: '', subtitle: [], columns: [], rows: [] }, fields: [] });
  };
  const makers: ExportMakers = {
    list: maker('list'),
    pivot: maker('pivot'),
    dashboard: maker('dashboard'),
    forecast: maker('forecast'),
    submission: maker('submission'),
    changes: maker('changes'),
  };
  for (const question of questions) await makeExport(makers, question, {} as ExportContext, control);
  expect(made).toEqual(questions.map(({ kind, asked }) => `${kind} ${JSON.stringify(asked)}`));
});

it('PER-15 ANA-17 an export asked for before is judged by the rights of now: of the role, and of every field it uses', async () => {
  const { subject } = keep(pivot);
  expect(refusalOfExport(createActor('manager', 'u-1'), subject)).toBeNull();
  expect(refusalOfExport(createActor('sales_rep', 'u-1'), subject)).toMatchObject({ code: 'action_forbidden' });
  const fields = { deal: { name: 'edit' } } satisfies FieldPolicy;
  const actor = { ...createActor('manager', 'u-1'), fields };
  const asks = makePivot(
    { actor, fieldModes: createFieldModes(fields) } as unknown as ExportContext,
    pivot.asked,
    control,
  );
  await expect(asks).rejects.toMatchObject({ code: 'invalid' });
});
