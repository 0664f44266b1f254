// What a stage means for a deal (CRM-08 and the rules of forecast categories). A stage sets probability and category
// unless they were set by hand; winning and losing always set them. One function says it, for new deals, moves,
// bulk edits and imports alike.
import { DEFAULT_PIPELINE_ID, defaultStages } from '#shared/entities/default-pipeline.ts';
import type { Deal } from '#shared/entities/deal/deal.ts';
import { stagesOf, type Stage } from '#shared/entities/pipeline/pipeline.ts';
import type { CommandContext } from '#shared/entities/command.ts';

type StageGroup = Partial<
  Pick<
    Deal,
    | 'pipelineId'
    | 'stageId'
    | 'stageChangedAt'
    | 'status'
    | 'probability'
    | 'probabilitySource'
    | 'forecastCategory'
    | 'categorySource'
    | 'wonLostReason'
    | 'wonLostNotes'
    | 'closedAt'
    | 'reopenedAt'
  >
>;

/** Stages of a pipeline as this device knows them; the default pipeline is known before it was ever synced. */
export async function readStages(context: CommandContext, pipelineId: string): Promise<readonly Stage[]> {
  const stages = stagesOf(await context.read('pipeline', pipelineId));
  return stages.length === 0 && pipelineId === DEFAULT_PIPELINE_ID ? defaultStages : stages;
}

/** The stage group of a deal after it arrived in a stage. `from` is the deal before, or what was entered for a new one. */
export function stageValues(from: Partial<Deal>, stage: Stage, pipelineId: string, now: string): StageGroup {
  const wasClosed = from.status === 'won' || from.status === 'lost';
  const arrival = { pipelineId, stageId: stage.id, stageChangedAt: now, status: stage.type };
  if (stage.type !== 'open') {
    return {
      ...arrival,
      probability: stage.probability,
      probabilitySource: 'stage',
      forecastCategory: stage.forecastCategory,
      categorySource: 'stage',
      closedAt: now,
    };
  }
  const keepsProbability = !wasClosed && from.probabilitySource === 'manual' && typeof from.probability === 'number';
  const keepsCategory = !wasClosed && from.categorySource === 'manual' && typeof from.forecastCategory === 'string';
  return {
    ...arrival,
    probability: keepsProbability ? (from.probability ?? null) : stage.probability,
    probabilitySource: keepsProbability ? 'manual' : 'stage',
    forecastCategory: keepsCategory ? (from.forecastCategory ?? null) : stage.forecastCategory,
    categorySource: keepsCategory ? 'manual' : 'stage',
    ...(wasClosed ? { closedAt: null, reopenedAt: now, wonLostReason: null, wonLostNotes: null } : {}),
  };
}

/** The entry of the stage history for a move; `before` is null for a new deal. */
export function stageChangeValues(
  before: Partial<Deal> | null,
  after: Partial<Deal>,
  occurredAt: string,
): Readonly<Record<string, unknown>> {
  return {
    dealId: after.id,
    pipelineId: after.pipelineId,
    fromStage: before?.stageId ?? null,
    toStage: after.stageId,
    fromType: before?.status ?? null,
    toType: after.status ?? 'open',
    currency: after.currency ?? null,
    amountBefore: before?.amount ?? null,
    amountAfter: after.amount ?? null,
    closeDateBefore: before?.closeDate ?? null,
    closeDateAfter: after.closeDate ?? null,
    probabilityBefore: before?.probability ?? null,
    probabilityAfter: after.probability ?? null,
    forecastCategoryBefore: before?.forecastCategory ?? null,
    forecastCategoryAfter: after.forecastCategory ?? null,
    occurredAt,
    ownerId: after.ownerId ?? null,
    teamId: after.teamId ?? null,
  };
}
