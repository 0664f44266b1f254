// Steps of a task. Each has an id, so that two people who tick off or reword different ones both succeed: the merge policy
// `items` goes item by item.
import type { FieldProblem } from '#shared/entities/define-entity.ts';
import { isPlainObject } from '#shared/kernel/json.ts';
import { isStorableText } from '#shared/kernel/storable-text.ts';

export interface ChecklistItem {
  readonly id: string;
  readonly text: string;
  readonly isDone: boolean;
}

export const MOST_ITEMS = 200;
const MAX_TEXT = 500;

/** Items of a checklist as far as they can be read; nothing for anything that is none. */
export function checklistOf(value: unknown): readonly ChecklistItem[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown) =>
    isPlainObject(item) && typeof item['id'] === 'string' && typeof item['text'] === 'string'
      ? [{ id: item['id'], text: item['text'], isDone: item['isDone'] === true }]
      : [],
  );
}

/** The same steps with nothing done yet, for the next task of a series. */
export function uncheck(value: unknown): readonly ChecklistItem[] | null {
  const items = checklistOf(value).map((item) => ({ ...item, isDone: false }));
  return items.length === 0 ? null : items;
}

export function findChecklistProblem(value: unknown): readonly FieldProblem[] {
  if (value === null || value === undefined) return [];
  const bad = (): readonly FieldProblem[] => [
    { field: 'checklist', code: 'checklist', message: 'A step of the checklist is not as it must be.' },
  ];
  const items = checklistOf(value);
  if (!Array.isArray(value) || items.length !== value.length || items.length > MOST_ITEMS) return bad();
  if (new Set(items.map((item) => item.id)).size !== items.length) return bad();
  const isGood = items.every(
    ({ id, text }) =>
      /^[\w.-]{1,64}$/.test(id) && text.trim() !== '' && text.length <= MAX_TEXT && isStorableText(text),
  );
  return isGood ? [] : bad();
}
