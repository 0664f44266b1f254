// Which fields of a question about a past day are as they were, and which are as they are today.
import type { FieldPolicy } from '#shared/access/field-policy.ts';
import { isOwnership, isPlainlyVisible } from '#shared/access/field-policy.ts';
import { pastDealFields } from '#shared/analytics/past/deal-on-day.ts';
import { inputsOfStep, pivotFieldAt, type PathStep } from '#shared/analytics/pivot-fields.ts';
import type { PivotSource } from '#shared/analytics/pivot-source.ts';
import { entities } from '#shared/entities/registry.ts';

const toldByHistory: ReadonlySet<string> = new Set(pastDealFields);
const neverChanged: ReadonlySet<string> = new Set(['createdAt', 'createdBy', 'openedAt']);

function isAsItWas(step: PathStep): boolean {
  const { entity, field } = step;
  if (neverChanged.has(field) || entities[entity].mergePolicies?.[field] === 'immutable') return true;
  return entity === 'deal' && inputsOfStep(step).every((name) => isAsItWasOfDeal(name));
}

function isAsItWasOfDeal(name: string): boolean {
  return toldByHistory.has(name) || neverChanged.has(name);
}

/** The fields among these that show the values of today, because no history tells others. Lines are always those of today. */
export function fieldsOfToday(source: PivotSource, paths: readonly string[]): readonly string[] {
  const others = paths.filter((path) => {
    const steps = pivotFieldAt(source, path)?.steps ?? [];
    return steps.some((step) => step.ofLine === undefined && !isAsItWas(step));
  });
  return source === 'dealLine' ? ['lines', ...others] : others;
}

/** Fields of the history that tell a field of a deal. */
const toldBy: Readonly<Record<string, readonly string[]>> = {
  stageId: ['fromStage', 'toStage'],
  status: ['fromType', 'toType'],
  closedAt: ['toType', 'occurredAt'],
  reopenedAt: ['fromType', 'toType', 'occurredAt'],
  stageChangedAt: ['occurredAt'],
  pipelineId: ['pipelineId'],
  amount: ['amountBefore', 'amountAfter'],
  currency: ['currency'],
  closeDate: ['closeDateBefore', 'closeDateAfter'],
  probability: ['probabilityBefore', 'probabilityAfter'],
  forecastCategory: ['forecastCategoryBefore', 'forecastCategoryAfter'],
};

/** True when somebody with this policy sees the history of every field of a deal on the way. */
export function isPastVisible(policy: FieldPolicy | undefined, steps: readonly PathStep[]): boolean {
  if (policy === undefined) return true;
  return steps.every(
    (step) =>
      step.entity !== 'deal' ||
      inputsOfStep(step).every(
        (name) =>
          isOwnership(name) || (toldBy[name] ?? []).every((told) => isPlainlyVisible(policy, 'stageChange', told)),
      ),
  );
}
