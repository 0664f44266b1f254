// What somebody did with notifications: read, put aside, snoozed. A notification itself is never stored: every computer
// derives the same ones, with the same keys, from the records its user may see (`src/shared/notifications`). Marks are only
// ever added; of those about one key the one the server received last holds, so two computers of one person never collide.
import { defineEntity, type FieldProblem, type RecordOf } from '#shared/entities/define-entity.ts';
import { ownershipFields, toOptions } from '#shared/entities/record-fields.ts';

/** Keys one mark can be about. */
export const MOST_MARKED = 500;

/** Marks are kept longer than anybody is told of what they are about. */
export const MOST_MARK_DAYS = 60;

/** `shown`: a computer told of it outside its windows, so another one need not. */
export const markActs = ['read', 'unread', 'archived', 'restored', 'snoozed', 'shown'] as const;
export type MarkAct = (typeof markActs)[number];

export const notificationMark = defineEntity({
  name: 'notificationMark',
  collection: 'inbox',
  label: 'Notification mark',
  labelPlural: 'Notification marks',
  titleField: 'act',
  audience: 'owner',
  fields: {
    keys: { type: 'json', label: 'Notifications', required: true },
    act: {
      type: 'select',
      label: 'What was done',
      required: true,
      options: toOptions({
        read: 'Read',
        unread: 'Unread',
        archived: 'Done with',
        restored: 'Taken back',
        snoozed: 'Snoozed',
        shown: 'Shown',
      }),
    },
    /** The newest moment of what was marked: what happens to the same record later is news again. */
    through: { type: 'dateTime', label: 'Up to', required: true },
    until: { type: 'dateTime', label: 'Until' },
    ...ownershipFields,
  },
  mergePolicies: {
    owner: 'current',
    keys: 'immutable',
    act: 'immutable',
    through: 'immutable',
    until: 'immutable',
  },
  validate(record): readonly FieldProblem[] {
    const { keys } = record;
    const isList =
      Array.isArray(keys) && keys.length > 0 && keys.every((key) => typeof key === 'string' && key.length <= 200);
    if (!isList) return [{ field: 'keys', code: 'required', message: 'Say which notifications this is about.' }];
    if (keys.length > MOST_MARKED) return [{ field: 'keys', code: 'tooLong', message: 'These are too many at once.' }];
    if (record['act'] === 'snoozed' && typeof record['until'] !== 'string')
      return [{ field: 'until', code: 'required', message: 'Say until when.' }];
    return [];
  },
});
export type NotificationMark = RecordOf<typeof notificationMark>;
