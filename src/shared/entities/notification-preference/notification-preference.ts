// What somebody wants to be told (TSK-14). One record a person; should two computers have made one each before they met,
// the one the server received last holds. `readPreferences` gives what holds for somebody without one.
import { defineEntity, type FieldProblem, type RecordOf } from '#shared/entities/define-entity.ts';
import { ownershipFields, toOptions } from '#shared/entities/record-fields.ts';
import { isQuietHours } from '#shared/notifications/quiet-hours.ts';

export const notificationPreference = defineEntity({
  name: 'notificationPreference',
  collection: 'inbox',
  label: 'Notification preferences',
  labelPlural: 'Notification preferences',
  titleField: 'emailDigest',
  audience: 'owner',
  fields: {
    taskAssignments: { type: 'boolean', label: 'Task assignments', defaultValue: true },
    taskDeadlines: { type: 'boolean', label: 'Deadlines and reminders', defaultValue: true },
    opportunityUpdates: { type: 'boolean', label: 'Deal updates', defaultValue: true },
    goalAlerts: { type: 'boolean', label: 'Goals and performance', defaultValue: true },
    systemAnnouncements: { type: 'boolean', label: 'System announcements', defaultValue: true },
    emailDigest: {
      type: 'select',
      label: 'Digest by e-mail',
      defaultValue: 'none',
      options: toOptions({ none: 'Never', daily: 'Daily', weekly: 'Weekly' }),
    },
    quietHours: { type: 'json', label: 'Quiet hours' },
    ...ownershipFields,
  },
  mergePolicies: { owner: 'current' },
  validate(record): readonly FieldProblem[] {
    const hours = record['quietHours'] ?? null;
    if (hours === null || isQuietHours(hours)) return [];
    return [{ field: 'quietHours', code: 'time', message: 'Enter times from 00:00 to 23:59.' }];
  },
});
export type NotificationPreference = RecordOf<typeof notificationPreference>;
