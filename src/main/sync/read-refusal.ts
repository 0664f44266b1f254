// What a refusal says beside its code.
import { Value } from 'typebox/value';
import type { ErrorDetails, OutpostError, Reaction } from '#shared/kernel/errors.ts';
import { isPlainObject } from '#shared/kernel/json.ts';
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

/** Longest text taken from a refusal. */
export const MOST_LETTERS = 2_000;
const MOST_DETAILS = 32;

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** The facts of a refusal, of the kinds this program knows; the rest of what a server may have put there is left out. */
export function readDetails(details: Readonly<Record<string, unknown>>): ErrorDetails {
  const known = Object.entries(details).flatMap(([name, value]): [string, ErrorDetails[string]][] => {
    if (typeof value === 'string') return [[name, value.slice(0, MOST_LETTERS)]];
    if (typeof value === 'number' || typeof value === 'boolean' || isTexts(value)) return [[name, value]];
    const isTable = isPlainObject(value) && Object.values(value).every(isTexts);
    return isTable ? [[name, value as Readonly<Record<string, readonly string[]>>]] : [];
  });
  return Object.fromEntries(known.slice(0, MOST_DETAILS));
}

/** Nobody is sent away for longer: the next try costs little, and a timer cannot wait for years. */
const LONGEST_PAUSE_S = 3600;

/** Milliseconds the server wants to be left alone; undefined when it does not say. */
export function retryAfterOf(error: OutpostError): number | undefined {
  const seconds = error.details['retryAfterSeconds'];
  if (typeof seconds !== 'number' || Number.isNaN(seconds)) return undefined;
  return Math.min(Math.max(seconds, 0), LONGEST_PAUSE_S) * 1000;
}
