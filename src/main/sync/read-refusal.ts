// What a refusal says beside its code.
import { Value } from 'typebox/value';
import type { OutpostError, Reaction } from '#shared/kernel/errors.ts';
import { ScopeDropSchema, type ScopeDrop } from '#shared/sync/messages.ts';

/** What the user lost, when the refusal names it. */
export function dropOf(error: OutpostError): ScopeDrop | null {
  if (error.code !== 'scope_changed') return null;
  const drop = { scopes: error.details['dropScopes'], fields: error.details['dropFields'] };
  return Value.Check(ScopeDropSchema, drop) ? drop : null;
}

/** Does the server miss operations it once answered? Then it was restored from a backup. */
export function isBehind(error: OutpostError): boolean {
  return typeof error.details['expectedOpNo'] === 'number';
}

export function reactionTo(error: OutpostError): Reaction {
  return isBehind(error) ? 'resync' : error.reaction;
}

/** Milliseconds the server wants to be left alone; undefined when it does not say. */
export function retryAfterOf(error: OutpostError): number | undefined {
  const seconds = error.details['retryAfterSeconds'];
  return typeof seconds === 'number' ? seconds * 1000 : undefined;
}
