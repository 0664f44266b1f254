import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultStages } from '#shared/entities/default-pipeline.ts';
import {
  createStage,
  inOrder,
  missingTypes,
  moveStage,
  problemsOf,
  toStages,
  type EditedStage,
} from '#shared/entities/pipeline/edit-stages.ts';
import { stageTypes, type Stage } from '#shared/entities/pipeline/pipeline.ts';
import { entities } from '#shared/entities/registry.ts';
import { validateRecord } from '#shared/entities/validate-record.ts';

const namesOf = (stages: readonly { readonly name: string }[]) => stages.map(({ name }) => name);

const anyStages = fc
  .uniqueArray(fc.tuple(fc.uuid(), fc.constantFrom(...stageTypes)), { selector: ([id]) => id, maxLength: 12 })
  .map((drawn): readonly EditedStage[] =>
    drawn.map(([id, type], index) => ({ ...createStage(id, type), name: `Stage ${String(index)}` })),
  );

test('CRM-07 what the editor hands over is a pipeline, whenever it has a stage of every type', () => {
  fc.assert(
    fc.property(anyStages, (stages) => {
      const record = { name: 'Partners', stages: toStages(stages) };
      const problems = validateRecord(entities.pipeline, record);
      expect(problems.length === 0).toBe(missingTypes(stages).length === 0);
    }),
  );
});

test('CRM-07 stages keep their order, and closed ones stand behind the open ones', () => {
  const [first, ...others] = defaultStages;
  expect(namesOf(inOrder([...others, first as Stage]))).toEqual([
    'Qualification',
    'Proposal',
    'Negotiation',
    'Prospecting',
    'Closed won',
    'Closed lost',
  ]);
  const moved = moveStage(defaultStages, 2, -1);
  expect(namesOf(moved).slice(0, 3)).toEqual(['Prospecting', 'Proposal', 'Qualification']);
  expect(toStages(moved).map(({ order }) => order)).toEqual([1, 2, 3, 4, 5, 6]);
  // Negotiation does not change places with what is won, and nothing leaves the list.
  expect(moveStage(defaultStages, 3, 1)).toBe(defaultStages);
  expect(moveStage(defaultStages, 0, -1)).toBe(defaultStages);
});

test('CRM-08 what is won or lost means the same in every pipeline, whatever was typed before', () => {
  const stages: readonly EditedStage[] = [
    { ...createStage('w', 'won'), name: 'Signed', probability: 30, forecastCategory: 'pipeline' },
    { ...createStage('l', 'lost'), name: 'Gone', probability: 30, forecastCategory: 'commit' },
  ];
  expect(toStages(stages)).toMatchObject([
    { probability: 100, forecastCategory: 'closed' },
    { probability: 0, forecastCategory: 'omitted' },
  ]);
});

test('CRM-07 a stage needs a name of its own and a probability', () => {
  const named = (id: string, name: string, probability: number | null): EditedStage => ({
    ...createStage(id, 'open'),
    name,
    probability,
  });
  const stages = [named('a', 'Demo', 20), named('b', ' demo ', 101), named('c', ' ', null), named('d', 'Offer', 0)];
  expect(stages.map((stage) => problemsOf(stage, stages))).toEqual([
    { name: 'sameLabel' },
    { name: 'sameLabel', probability: 'range' },
    { name: 'required', probability: 'range' },
    {},
  ]);
});
