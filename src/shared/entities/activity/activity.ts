import { defineEntity, type RecordOf } from '#shared/entities/define-entity.ts';
import { extraFields, extraPolicies, ownershipFields, toOptions } from '#shared/entities/record-fields.ts';

/** Something that happened with a customer: call, meeting, mail, note (CRM-09, CRM-18). */
export const activity = defineEntity({
  name: 'activity',
  collection: 'activities',
  label: 'Activity',
  labelPlural: 'Activities',
  titleField: 'subject',
  audience: 'owner',
  fields: {
    activityType: {
      type: 'select',
      label: 'Type',
      required: true,
      indexed: true,
      listed: true,
      options: toOptions({
        call: 'Call',
        meeting: 'Meeting',
        email: 'E-mail',
        note: 'Note',
        demo: 'Demonstration',
        letter: 'Letter',
      }),
    },
    subject: { type: 'text', label: 'Subject', required: true, searchable: true, listed: true },
    body: { type: 'longText', label: 'Notes', searchable: true },
    occurredAt: { type: 'dateTime', label: 'When', group: 'time', required: true, indexed: true, listed: true },
    durationMinutes: { type: 'integer', label: 'Duration in minutes', group: 'time' },
    direction: { type: 'select', label: 'Direction', options: toOptions({ inbound: 'Inbound', outbound: 'Outbound' }) },
    outcome: {
      type: 'select',
      label: 'Outcome',
      listed: true,
      options: toOptions({
        reached: 'Reached',
        not_reached: 'Not reached',
        left_message: 'Left a message',
        interested: 'Interested',
        not_interested: 'Not interested',
        held: 'Took place',
        cancelled: 'Cancelled',
      }),
    },
    accountId: { type: 'reference', to: 'account', label: 'Account', indexed: true, listed: true },
    contactId: { type: 'reference', to: 'contact', label: 'Contact', indexed: true, listed: true },
    dealId: { type: 'reference', to: 'deal', label: 'Deal', indexed: true, listed: true },
    leadId: { type: 'reference', to: 'lead', label: 'Lead', indexed: true },
    participantIds: { type: 'references', to: 'contact', label: 'Participants' },
    followUpTaskId: { type: 'reference', to: 'task', label: 'Follow-up', system: true },
    ...ownershipFields,
    ...extraFields,
  },
  mergePolicies: { ...extraPolicies, body: 'text3', participantIds: 'set' },
  validate(record) {
    const minutes = record['durationMinutes'];
    if (typeof minutes === 'number' && (minutes < 0 || minutes > 60 * 24 * 14)) {
      return [{ field: 'durationMinutes', code: 'range', message: 'Enter a duration between 0 minutes and 14 days.' }];
    }
    return [];
  },
});
export type Activity = RecordOf<typeof activity>;
