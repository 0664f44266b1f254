// How long deals stayed in their stages, and the middle of many such times.
import { toEpochMs } from '#shared/kernel/calendar.ts';

const DAY_MS = 86_400_000;

export interface StageMove {
  readonly toStage: string;
  readonly occurredAt: string;
}

/** Days each stage of one deal lasted, visits added up; the stage it is in now is not over and does not count. */
export function stageStays(moves: readonly StageMove[]): ReadonlyMap<string, number> {
  const timed = moves.map(({ toStage, occurredAt }) => ({ toStage, atMs: toEpochMs(occurredAt) }));
  return staysInOrder(timed.toSorted((a, b) => a.atMs - b.atMs));
}

/** The same of moves that stand in the order in which they happened. */
export function staysInOrder(
  moves: readonly { readonly toStage: string; readonly atMs: number }[],
): ReadonlyMap<string, number> {
  const stays = new Map<string, number>();
  for (const [index, { toStage, atMs }] of moves.entries()) {
    const next = moves[index + 1];
    if (next !== undefined) stays.set(toStage, (stays.get(toStage) ?? 0) + (next.atMs - atMs) / DAY_MS);
  }
  return stays;
}

/** The middle value, the mean of the two middle ones for an even number of them; 0 for none. */
export function medianOf(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >>> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
