// The stages of a pipeline while somebody edits them: open ones first, then those that win, then those that lose. What a closed
// stage means for probability and forecast follows from its type; of an open one it is chosen.
import type { ForecastCategory } from '#shared/entities/deal/deal.ts';
import { stageTypes, type Stage, type StageType } from '#shared/entities/pipeline/pipeline.ts';

export interface EditedStage {
  readonly id: string;
  readonly name: string;
  readonly type: StageType;
  /** Percent; null while the field is empty. */
  readonly probability: number | null;
  readonly forecastCategory: ForecastCategory;
}

export type StageProblem = 'required' | 'sameLabel' | 'range';

const closed: Readonly<Record<'won' | 'lost', Pick<Stage, 'probability' | 'forecastCategory'>>> = {
  won: { probability: 100, forecastCategory: 'closed' },
  lost: { probability: 0, forecastCategory: 'omitted' },
};

/** What an open stage counts as in the forecast; closed deals have a category of their own. */
export const openCategories = ['pipeline', 'best_case', 'most_likely', 'commit', 'omitted'] as const;

export const MOST_STAGE_NAME = 60;

export function createStage(id: string, type: StageType): EditedStage {
  const meaning = type === 'open' ? { probability: 10, forecastCategory: 'pipeline' as const } : closed[type];
  return { id, name: '', type, ...meaning };
}

/** As names are told apart: without spaces around them, large letters like small ones. */
export const foldName = (name: string): string => name.trim().toLowerCase();

/** What is wrong with one of the stages, by its field. */
export function problemsOf(
  stage: EditedStage,
  stages: readonly EditedStage[],
): { readonly name?: StageProblem; readonly probability?: StageProblem } {
  const isTwice = stages.some(({ id, name }) => id !== stage.id && foldName(name) === foldName(stage.name));
  const name = foldName(stage.name) === '' ? 'required' : isTwice ? 'sameLabel' : null;
  const isWithin = stage.probability !== null && stage.probability >= 0 && stage.probability <= 100;
  return {
    ...(name === null ? {} : { name }),
    ...(stage.type !== 'open' || isWithin ? {} : { probability: 'range' }),
  };
}

/** Types without a stage: a pipeline needs one of each. */
export function missingTypes(stages: readonly EditedStage[]): readonly StageType[] {
  return stageTypes.filter((type) => !stages.some((stage) => stage.type === type));
}

/** In the order of a pipeline; stages of one type stay in the order given. */
export function inOrder(stages: readonly EditedStage[]): readonly EditedStage[] {
  return stageTypes.flatMap((type) => stages.filter((stage) => stage.type === type));
}

/** The stage at `index` changes places with its neighbour; unchanged where the neighbour is of another type. */
export function moveStage(stages: readonly EditedStage[], index: number, by: -1 | 1): readonly EditedStage[] {
  const [stage, neighbour] = [stages[index], stages[index + by]];
  if (stage === undefined || neighbour === undefined || stage.type !== neighbour.type) return stages;
  return stages.with(index, neighbour).with(index + by, stage);
}

/** As the pipeline keeps them. */
export function toStages(stages: readonly EditedStage[]): readonly Stage[] {
  return inOrder(stages).map(({ id, name, type, probability, forecastCategory }, index) => ({
    id,
    name: name.trim(),
    type,
    order: index + 1,
    ...(type === 'open' ? { probability: probability ?? 0, forecastCategory } : closed[type]),
  }));
}
