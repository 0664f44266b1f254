import { defineEntity, type RecordOf } from '#shared/entities/define-entity.ts';
import { extraFields, extraPolicies, ownershipFields, toOptions } from '#shared/entities/record-fields.ts';
import { findChecklistProblem } from '#shared/entities/task/checklist.ts';
import { isRecurrence } from '#shared/entities/task/recurrence.ts';

/**
 * Something to do (TSK-01, TSK-02, TSK-03). The owner is the assignee. A collaborative task is seen and worked on by everybody of its team,
 * a private one by its assignee and whoever manages the team, and by nobody else.
 */
export const task = defineEntity({
  name: 'task',
  collection: 'tasks',
  label: 'Task',
  labelPlural: 'Tasks',
  titleField: 'subject',
  audience: 'owner',
  fields: {
    subject: { type: 'text', label: 'Subject', required: true, searchable: true, listed: true },
    category: {
      type: 'select',
      label: 'Category',
      defaultValue: 'follow_up',
      listed: true,
      options: toOptions({
        follow_up: 'Follow-up and outreach',
        proposal: 'Proposal and documents',
        meeting: 'Meeting and presentation',
        data: 'Data and systems',
        training: 'Training and development',
      }),
    },
    visibility: {
      type: 'select',
      label: 'Visibility',
      required: true,
      defaultValue: 'assigned',
      options: toOptions({ assigned: 'Assigned', collaborative: 'Collaborative', private: 'Private' }),
    },
    priority: {
      type: 'select',
      label: 'Priority',
      required: true,
      defaultValue: 'medium',
      indexed: true,
      listed: true,
      options: toOptions({ critical: 'Critical', high: 'High', medium: 'Medium', low: 'Low' }),
    },
    status: {
      type: 'select',
      label: 'Status',
      group: 'status',
      required: true,
      defaultValue: 'open',
      indexed: true,
      listed: true,
      options: toOptions({
        open: 'Open',
        in_progress: 'In progress',
        waiting: 'Waiting',
        done: 'Done',
        cancelled: 'Cancelled',
      }),
    },
    progress: { type: 'percent', label: 'Progress', group: 'status' },
    completedAt: { type: 'dateTime', label: 'Completed at', group: 'status', system: true },
    completedBy: { type: 'reference', to: 'user', label: 'Completed by', group: 'status', system: true },
    outcome: { type: 'text', label: 'Outcome', group: 'status', maxLength: 1000 },
    /** Prerequisites that were open, and that whoever completed the task was told of. */
    completedDespite: { type: 'references', to: 'task', label: 'Completed in spite of', group: 'status', system: true },
    dueDate: { type: 'date', label: 'Due', group: 'due', indexed: true, listed: true },
    dueAt: { type: 'dateTime', label: 'Due at', group: 'due' },
    reminderAt: { type: 'dateTime', label: 'Remind me', group: 'due' },
    reminders: {
      type: 'multiSelect',
      label: 'Remind before it is due',
      options: toOptions({
        m0: 'When it is due',
        m5: '5 minutes before',
        m15: '15 minutes before',
        m30: '30 minutes before',
        h1: '1 hour before',
        h2: '2 hours before',
        d1: '1 day before',
        d2: '2 days before',
        w1: '1 week before',
      }),
    },
    recurrence: { type: 'json', label: 'Repeats' },
    /** Of a task that repeats: the first of its series, which one it is, and the one before it. */
    seriesId: { type: 'text', label: 'Series', maxLength: 64, system: true, indexed: true, noisy: true },
    occurrence: { type: 'integer', label: 'Occurrence', system: true, noisy: true },
    previousId: { type: 'reference', to: 'task', label: 'Task before', system: true, noisy: true },
    checklist: { type: 'json', label: 'Checklist' },
    templateId: { type: 'reference', to: 'taskTemplate', label: 'Template', system: true, noisy: true },
    estimateMinutes: { type: 'integer', label: 'Estimate in minutes' },
    spentMinutes: { type: 'integer', label: 'Time spent in minutes' },
    assignedBy: { type: 'reference', to: 'user', label: 'Assigned by', system: true },
    accountId: { type: 'reference', to: 'account', label: 'Account', indexed: true, listed: true },
    contactId: { type: 'reference', to: 'contact', label: 'Contact', indexed: true },
    dealId: { type: 'reference', to: 'deal', label: 'Deal', indexed: true, listed: true },
    leadId: { type: 'reference', to: 'lead', label: 'Lead', indexed: true },
    participantIds: { type: 'references', to: 'user', label: 'Collaborators' },
    prerequisiteIds: { type: 'references', to: 'task', label: 'Waits for' },
    description: { type: 'longText', label: 'Description', searchable: true },
    ...ownershipFields,
    ...extraFields,
  },
  mergePolicies: {
    ...extraPolicies,
    due: 'manual',
    spentMinutes: 'counter',
    participantIds: 'set',
    prerequisiteIds: 'set',
    reminders: 'set',
    checklist: 'items',
    description: 'text3',
    seriesId: 'immutable',
    occurrence: 'immutable',
    previousId: 'immutable',
    templateId: 'immutable',
  },
  validate(record) {
    const waitsFor = record['prerequisiteIds'];
    if (Array.isArray(waitsFor) && waitsFor.includes(record['id']))
      return [{ field: 'prerequisiteIds', code: 'waitsForItself', message: 'A task does not wait for itself.' }];
    const { recurrence, estimateMinutes } = record;
    if ((recurrence ?? null) !== null && !isRecurrence(recurrence))
      return [{ field: 'recurrence', code: 'recurrence', message: 'This is not how a task can repeat.' }];
    if (typeof estimateMinutes === 'number' && estimateMinutes < 0)
      return [{ field: 'estimateMinutes', code: 'negative', message: 'An estimate is not below zero.' }];
    return findChecklistProblem(record['checklist']);
  },
});
export type Task = RecordOf<typeof task>;
