// Merging the values of one field, for the policies whose result is a function of all three sides. Everything here is
// pure and total: any JSON value may stand on any side, and nothing is invented.
import { isJsonEqual } from '#shared/kernel/json.ts';

/** Sets have one order, so that two devices that merged in different order hold equal lists. */
export function toSet(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  return [...new Set(value.filter((item) => typeof item === 'string'))].sort();
}

/**
 * Applies the adds and removes a person made to what stands now. Only real changes count: adding what the person
 * already saw, or removing what was not there, is no intent. So changes typed from one base commute.
 */
export function mergeSet(
  base: unknown,
  current: unknown,
  change: { readonly add: readonly string[]; readonly remove: readonly string[] },
): readonly string[] {
  const seen = new Set(toSet(base));
  const result = new Set(toSet(current));
  for (const item of change.remove) if (seen.has(item) && !change.add.includes(item)) result.delete(item);
  for (const item of change.add) if (!seen.has(item)) result.add(item);
  return [...result].sort();
}

/** The adds and removes that lead from one list to another. */
export function diffSets(
  base: unknown,
  to: unknown,
): { readonly add: readonly string[]; readonly remove: readonly string[] } {
  const before = toSet(base);
  const after = toSet(to);
  return {
    add: after.filter((item) => !before.includes(item)),
    remove: before.filter((item) => !after.includes(item)),
  };
}

/** A number, or 0 for anything that is none. */
export function toCount(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

/**
 * Both additions to something that only grows, the current ones first. Undefined when mine is not a continuation of
 * the base: then something would have to be taken away.
 */
export function mergeAppend(base: unknown, current: unknown, mine: unknown): unknown {
  const [before, now, after] = [base ?? '', current ?? '', mine ?? ''];
  if (typeof before === 'string' && typeof now === 'string' && typeof after === 'string') {
    return after.startsWith(before) ? now + after.slice(before.length) : undefined;
  }
  const start: readonly unknown[] | undefined = asList(base);
  const current_ = asList(current);
  const end = asList(mine);
  if (start === undefined || current_ === undefined || end === undefined) return undefined;
  const isContinuation = start.every((item, index) => isJsonEqual(item, end[index]));
  return isContinuation && end.length >= start.length ? [...current_, ...end.slice(start.length)] : undefined;
}

function asList(value: unknown): readonly unknown[] | undefined {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? (value as readonly unknown[]) : undefined;
}
