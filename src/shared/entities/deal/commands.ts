import { Type } from 'typebox';
import type { CommandContext, CommandOutcome } from '#shared/entities/command.ts';
import { DEFAULT_PIPELINE_ID } from '#shared/entities/default-pipeline.ts';
import type { Deal } from '#shared/entities/deal/deal.ts';
import { readStages } from '#shared/entities/deal/stage-values.ts';
import {
  defineCommand,
  definitionOf,
  IdInput,
  invalid,
  outcome,
  requireRecord,
} from '#shared/entities/define-command.ts';
import { draftUpdate } from '#shared/entities/draft-record.ts';
import { isDay } from '#shared/kernel/calendar.ts';
import type { Result } from '#shared/kernel/result.ts';

type StoredDeal = Deal & { readonly [field: string]: unknown };

/** Moves a deal to a stage of its pipeline. Losing needs a reason: use closeDeal. */
export const moveDeal = defineCommand(
  Type.Object({ id: IdInput, stageId: IdInput }),
  async (context, { id, stageId }) => {
    const found = await requireDeal(context, id);
    if (!found.ok) return found;
    const stage = (await stagesFor(context, found.value)).find((item) => item.id === stageId);
    if (stage?.type === 'lost' && found.value.stageId !== stageId) {
      return invalid('deal', [{ field: 'wonLostReason', code: 'lostReason', message: 'Say why the deal was lost.' }]);
    }
    return change(context, 'moveDeal', found.value, { stageId });
  },
);

/** Closes a deal. `closeDate` is a day, default today. */
export const closeDeal = defineCommand(
  Type.Object({
    id: IdInput,
    outcome: Type.Enum(['won', 'lost']),
    reason: Type.Optional(Type.Union([Type.String({ maxLength: 64 }), Type.Null()])),
    notes: Type.Optional(Type.Union([Type.String({ maxLength: 4000 }), Type.Null()])),
    closeDate: Type.Optional(Type.String({ maxLength: 10 })),
  }),
  async (context, input) => {
    const found = await requireDeal(context, input.id);
    if (!found.ok) return found;
    const stage = (await stagesFor(context, found.value)).find((item) => item.type === input.outcome);
    if (stage === undefined) {
      return invalid('deal', [
        { field: 'stageId', code: 'stage', message: 'This pipeline has no stage for that outcome.' },
      ]);
    }
    const today = context.now.slice(0, 10);
    if (isDay(input.closeDate) && input.closeDate > today) {
      return invalid('deal', [
        { field: 'closeDate', code: 'future', message: 'A deal cannot be closed in the future.' },
      ]);
    }
    return change(context, 'closeDeal', found.value, {
      stageId: stage.id,
      wonLostReason: input.reason ?? null,
      wonLostNotes: input.notes ?? null,
      closeDate: input.closeDate ?? today,
    });
  },
);

/** Takes a closed deal back into an open stage. */
export const reopenDeal = defineCommand(
  Type.Object({ id: IdInput, stageId: IdInput }),
  async (context, { id, stageId }) => {
    const found = await requireDeal(context, id);
    if (!found.ok) return found;
    const stage = (await stagesFor(context, found.value)).find((item) => item.id === stageId);
    if (stage !== undefined && stage.type !== 'open') {
      return invalid('deal', [{ field: 'stageId', code: 'openStage', message: 'Choose an open stage.' }]);
    }
    if (found.value.status !== 'won' && found.value.status !== 'lost') {
      return invalid('deal', [{ field: 'stageId', code: 'notClosed', message: 'This deal is not closed.' }]);
    }
    return change(context, 'reopenDeal', found.value, { stageId });
  },
);

function requireDeal(context: CommandContext, id: string): Promise<Result<StoredDeal>> {
  return requireRecord(context, 'deal', id);
}

function stagesFor(context: CommandContext, deal: Deal) {
  return readStages(context, deal.pipelineId ?? DEFAULT_PIPELINE_ID);
}

async function change(
  context: CommandContext,
  command: string,
  deal: StoredDeal,
  values: Readonly<Record<string, unknown>>,
): Promise<Result<CommandOutcome>> {
  const drafted = await draftUpdate(context, definitionOf('deal'), deal, values, { command });
  return drafted.ok ? outcome(drafted.value.operations, deal.id) : drafted;
}
