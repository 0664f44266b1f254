// What programs ask forecasts by default, and how a forecast that cannot be given is told.
import type { Actor } from '#shared/access/actor.ts';
import type { Forecasts } from '#shared/analytics/forecast/answer-forecast.ts';
import type { ForecastQuery, ForecastResult } from '#shared/analytics/forecast/forecast-contract.ts';
import { OutpostError } from '#shared/kernel/errors.ts';

/** Through managers, weighted by stage, as things are expected. */
export const expected = {
  hierarchy: 'managers',
  columnMode: 'cumulative',
  method: 'weighted',
  scenario: 'expected',
  customFactor: 1,
  quotaBasis: 'own',
} as const;

/** @throws OutpostError `action_forbidden` for somebody who does not see what forecasts are made of. */
export function answerOf(
  forecasts: Forecasts,
  query: ForecastQuery,
  actor: Actor,
): Extract<ForecastResult, { readonly kind: 'answer' }> {
  const { value } = forecasts.answer(query, actor);
  if (value.kind === 'answer') return value;
  throw new OutpostError('action_forbidden', 'You do not see what a forecast is made of.', { fields: value.fields });
}
