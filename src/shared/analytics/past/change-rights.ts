// Who may ask what became of the pipeline: whoever sees analytics, and the values it is made of now and in the history.
import type { Actor } from '#shared/access/actor.ts';
import { isPlainlyVisible, openFieldPolicy } from '#shared/access/field-policy.ts';
import { isPastVisible } from '#shared/analytics/past/past-fields.ts';
import { OutpostError } from '#shared/kernel/errors.ts';

const needed = ['status', 'stageId', 'amount', 'currency', 'closeDate'] as const;

/** @throws OutpostError `action_forbidden` without the right, or where a value it is made of is not seen. */
export function checkPastRights(actor: Actor): void {
  if (!actor.permissions.includes('record.analytics'))
    throw new OutpostError('action_forbidden', 'This needs the right to see analytics.', { right: 'record.analytics' });
  const policy = actor.fields ?? openFieldPolicy;
  const isSeen = (field: string): boolean =>
    isPlainlyVisible(policy, 'deal', field) && isPastVisible(actor.fields, [{ entity: 'deal', field }]);
  if (!needed.every(isSeen))
    throw new OutpostError('action_forbidden', 'You do not see what a comparison of the pipeline is made of.');
}
