// Completes what a user entered about a deal: the consequences of a stage, of a probability or category set by hand, and
// the rules about moves (a closed deal is reopened before it is closed differently).
import type { CommandContext } from '#shared/entities/command.ts';
import { DEFAULT_PIPELINE_ID } from '#shared/entities/default-pipeline.ts';
import type { Values } from '#shared/entities/clean-values.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import type { Deal } from '#shared/entities/deal/deal.ts';
import { readStages, stageValues } from '#shared/entities/deal/stage-values.ts';
import { invalid } from '#shared/entities/define-command.ts';
import type { Stage } from '#shared/entities/pipeline/pipeline.ts';
import { isDay, toEpochMs, toInstant } from '#shared/kernel/calendar.ts';
import { ok, type Result } from '#shared/kernel/result.ts';

/** All values of a new deal. An imported closed deal is closed on its close date, not today. */
export async function prepareNewDeal(context: CommandContext, entered: Values): Promise<Result<Values>> {
  const pipelineId = toText(entered['pipelineId']) ?? DEFAULT_PIPELINE_ID;
  const stages = await readStages(context, pipelineId);
  const stage = findStage(stages, toText(entered['stageId']) ?? stages.find((item) => item.type === 'open')?.id ?? '');
  if (stage === undefined) return unknownStage();
  const today = context.now.slice(0, 10);
  const openedAt = isDay(entered['openedAt']) ? entered['openedAt'] : null;
  const closeDate = isDay(entered['closeDate']) ? entered['closeDate'] : null;
  const isPastClose = stage.type !== 'open' && closeDate !== null && closeDate < today;
  const isOpenedEarlier = stage.type === 'open' && openedAt !== null && openedAt < today;
  const since = isPastClose ? closeDate : isOpenedEarlier ? openedAt : null;
  const at = since === null ? context.now : toInstant(toEpochMs(since));
  const marked = { ...entered, ...sourcesOf(entered) } as Partial<Deal>;
  return ok({
    ...entered,
    ...stageValues(marked, stage, pipelineId, at),
    openedAt: openedAt ?? (isPastClose ? closeDate : today),
    closeDate: closeDate ?? (stage.type === 'open' ? null : today),
    currency: toText(entered['currency']) ?? context.currency ?? 'EUR',
  });
}

/** Changed values of an existing deal with all their consequences. */
export async function prepareDealChange(
  context: CommandContext,
  before: AnyRecord,
  entered: Values,
): Promise<Result<Values>> {
  const deal = before as Deal;
  const pipelineId = toText(entered['pipelineId']) ?? deal.pipelineId ?? DEFAULT_PIPELINE_ID;
  const hasMove = entered['stageId'] !== undefined || pipelineId !== deal.pipelineId;
  const returnsToStage = entered['probability'] === null || entered['forecastCategory'] === null;
  const marked: Values = { ...entered, ...sourcesOf(entered) };
  if (!hasMove && !returnsToStage) return ok(marked);
  const stages = await readStages(context, pipelineId);
  const first = stages.find((item) => item.type === 'open')?.id;
  const stageId = toText(entered['stageId']) ?? (pipelineId === deal.pipelineId ? deal.stageId : first) ?? '';
  const stage = findStage(stages, stageId);
  if (stage === undefined) return unknownStage();
  if (stageId === deal.stageId && pipelineId === deal.pipelineId)
    return ok({ ...marked, ...automaticValues(entered, stage) });
  return arriveIn(context, deal, stage, pipelineId, marked);
}

function arriveIn(
  context: CommandContext,
  deal: Deal,
  stage: Stage,
  pipelineId: string,
  marked: Values,
): Result<Values> {
  const wasClosed = deal.status === 'won' || deal.status === 'lost';
  if (wasClosed && stage.type !== 'open' && stage.type !== deal.status) {
    const message = 'This deal is closed. Reopen it before you close it differently.';
    return invalid('deal', [{ field: 'stageId', code: 'reopenFirst', message }]);
  }
  const arrival = stageValues({ ...deal, ...marked }, stage, pipelineId, context.now);
  const closeDate = stage.type === 'open' ? undefined : (marked['closeDate'] ?? context.now.slice(0, 10));
  return ok({ ...marked, ...arrival, ...(closeDate === undefined ? {} : { closeDate }) });
}

/** A probability or category that was entered is marked as set by hand. */
function sourcesOf(entered: Values): Values {
  return {
    ...(typeof entered['probability'] === 'number' ? { probabilitySource: 'manual' } : {}),
    ...(typeof entered['forecastCategory'] === 'string' ? { categorySource: 'manual' } : {}),
  };
}

/** A cleared probability or category returns to what the stage says. */
function automaticValues(entered: Values, stage: Stage): Values {
  return {
    ...(entered['probability'] === null ? { probability: stage.probability, probabilitySource: 'stage' } : {}),
    ...(entered['forecastCategory'] === null
      ? { forecastCategory: stage.forecastCategory, categorySource: 'stage' }
      : {}),
  };
}

function findStage(stages: readonly Stage[], id: string): Stage | undefined {
  return stages.find((stage) => stage.id === id);
}

function unknownStage(): Result<never> {
  return invalid('deal', [{ field: 'stageId', code: 'stage', message: 'This pipeline has no such stage.' }]);
}

function toText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
