// Tasks that wait for others. They never wait in a circle, also when two people without a network each added one half of it.
import type { AnyRecord, FieldProblem } from '#shared/entities/define-entity.ts';

/** Most tasks that are looked at to find a circle. Whoever waits for more, plans otherwise. */
export const MOST_WAITING = 500;

export function idsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((id): id is string => typeof id === 'string') : [];
}

/** What is wrong with tasks being added to those that `id` waits for; `read` answers what is stored. */
export function waitsInACircle(
  id: string,
  added: readonly string[],
  read: (id: string) => AnyRecord | null,
): FieldProblem | null {
  const seen = new Set<string>();
  const open = [...added];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === id)
      return { field: 'prerequisiteIds', code: 'waitsInACircle', message: 'These tasks would wait for each other.' };
    if (seen.has(next)) continue;
    seen.add(next);
    if (seen.size > MOST_WAITING)
      return { field: 'prerequisiteIds', code: 'waitsTooDeep', message: 'Too many tasks wait for each other.' };
    open.push(...idsOf(read(next)?.['prerequisiteIds']));
  }
  return null;
}
