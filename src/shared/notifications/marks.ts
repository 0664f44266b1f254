// What the marks of one person say about each notification.
import type { MarkAct } from '#shared/entities/notification-mark/notification-mark.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { isLater } from '#shared/notifications/preferences.ts';

/** Each value is the moment up to which it holds: something newer under the same key is news again. */
export interface MarkState {
  readonly read: string;
  readonly archived: string;
  readonly shown: string;
  readonly snoozedUntil: string;
}

export const unmarked: MarkState = { read: '', archived: '', shown: '', snoozedUntil: '' };

function withAct(state: MarkState, act: MarkAct, through: string, until: string): MarkState {
  switch (act) {
    case 'read':
      return { ...state, read: through };
    case 'unread':
      return { ...state, read: '' };
    case 'archived':
      return { ...state, archived: through };
    case 'restored':
      return { ...state, archived: '', snoozedUntil: '' };
    case 'snoozed':
      return { ...state, snoozedUntil: until, archived: '', read: '', shown: '' };
    case 'shown':
      return { ...state, shown: through > state.shown ? through : state.shown };
  }
}

const textOr = (value: unknown): string => (typeof value === 'string' ? value : '');

/** `marks`: those of one person, in any order. */
export function foldMarks(marks: Iterable<AnyRecord>): ReadonlyMap<string, MarkState> {
  const states = new Map<string, MarkState>();
  for (const mark of [...marks].toSorted((left, right) => (isLater(left, right) ? 1 : -1))) {
    const { keys } = mark;
    if (!Array.isArray(keys)) continue;
    for (const key of keys) {
      if (typeof key !== 'string') continue;
      const state = states.get(key) ?? unmarked;
      states.set(key, withAct(state, mark['act'] as MarkAct, textOr(mark['through']), textOr(mark['until'])));
    }
  }
  return states;
}
