// What a template makes: one task, or a set of them that may wait for each other. Due dates are days from the start.
import type { FieldProblem } from '#shared/entities/define-entity.ts';
import { addDays, type Day } from '#shared/kernel/calendar.ts';
import { isPlainObject } from '#shared/kernel/json.ts';
import { isStorableText } from '#shared/kernel/storable-text.ts';
import { weekdayOf } from '#shared/entities/task/recurrence.ts';

export interface TemplateItem {
  /** Names it within the template. */
  readonly key: string;
  readonly subject: string;
  readonly description?: string;
  readonly category?: string;
  readonly priority?: string;
  readonly visibility?: string;
  /** Days after the start; absent: no due date. */
  readonly dueInDays?: number;
  readonly estimateMinutes?: number;
  readonly reminders?: readonly string[];
  readonly checklist?: readonly string[];
  /** Items of the same template that come first. */
  readonly after?: readonly string[];
}

export const MOST_TEMPLATE_ITEMS = 50;
const MOST_STEPS = 50;
const KEY = /^[\w-]{1,32}$/;

const isText = (value: unknown, most: number): value is string =>
  typeof value === 'string' && value.length <= most && isStorableText(value);
const isAbsent = (value: unknown): value is undefined => value === undefined;
const isTexts = (value: unknown, most: number, length: number): value is readonly string[] =>
  Array.isArray(value) && value.length <= most && value.every((text) => isText(text, length) && text.trim() !== '');
const isWhole = (value: unknown, least: number, most: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;

function isItem(value: unknown): value is TemplateItem {
  if (!isPlainObject(value)) return false;
  const { key, subject, description, category, priority, visibility, dueInDays, estimateMinutes } = value;
  const { reminders, checklist, after } = value;
  return (
    typeof key === 'string' &&
    KEY.test(key) &&
    isText(subject, 255) &&
    subject.trim() !== '' &&
    (isAbsent(description) || isText(description, 5000)) &&
    [category, priority, visibility].every((choice) => isAbsent(choice) || isText(choice, 32)) &&
    (isAbsent(dueInDays) || isWhole(dueInDays, 0, 3650)) &&
    (isAbsent(estimateMinutes) || isWhole(estimateMinutes, 0, 1_000_000)) &&
    (isAbsent(reminders) || isTexts(reminders, 20, 16)) &&
    (isAbsent(checklist) || isTexts(checklist, MOST_STEPS, 500)) &&
    (isAbsent(after) || isTexts(after, MOST_TEMPLATE_ITEMS, 32))
  );
}

/** The items of a template, in the order in which what comes first is made first; nothing when they are not as they must be. */
export function templateItemsOf(value: unknown): readonly TemplateItem[] {
  if (!Array.isArray(value) || value.length > MOST_TEMPLATE_ITEMS) return [];
  const items: readonly unknown[] = value;
  const known = items.filter(isItem);
  if (known.length !== items.length) return [];
  return inOrder(known) ?? [];
}

/** Null when items wait for each other, or for one that is not there. */
function inOrder(items: readonly TemplateItem[]): readonly TemplateItem[] | null {
  if (new Set(items.map((item) => item.key)).size !== items.length) return null;
  const done = new Set<string>();
  const ordered: TemplateItem[] = [];
  while (ordered.length < items.length) {
    const next = items.find(({ key, after }) => !done.has(key) && (after ?? []).every((other) => done.has(other)));
    if (next === undefined) return null;
    done.add(next.key);
    ordered.push(next);
  }
  return ordered;
}

export function findItemProblem(value: unknown): readonly FieldProblem[] {
  if (Array.isArray(value) && value.length > 0 && templateItemsOf(value).length === value.length) return [];
  return [{ field: 'items', code: 'templateItems', message: 'The tasks of this template are not as they must be.' }];
}

/** The day an item is due. A day of the weekend becomes the Monday after it, where the template says so. */
export function dueDayOf(item: TemplateItem, start: Day, skipsWeekends: boolean): Day | null {
  if (item.dueInDays === undefined) return null;
  const day = addDays(start, item.dueInDays);
  const weekday = weekdayOf(day);
  return skipsWeekends && weekday > 5 ? addDays(day, 8 - weekday) : day;
}
