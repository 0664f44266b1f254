// What somebody tells a team or everybody, and what the server tells one person (`security`: nobody but the server writes
// one for somebody else). Said once, never changed; whoever said it, or an administrator, takes it back.
import { defineEntity, type FieldProblem, type RecordOf } from '#shared/entities/define-entity.ts';
import { ownershipFields, toOptions } from '#shared/entities/record-fields.ts';

export const announcementTopics = ['team', 'maintenance', 'feature', 'security'] as const;
export type AnnouncementTopic = (typeof announcementTopics)[number];

export const announcement = defineEntity({
  name: 'announcement',
  collection: 'inbox',
  label: 'Announcement',
  labelPlural: 'Announcements',
  titleField: 'title',
  audience: 'owner',
  fields: {
    topic: {
      type: 'select',
      label: 'About',
      required: true,
      listed: true,
      options: toOptions({
        team: 'Team alert',
        maintenance: 'Maintenance',
        feature: 'New feature',
        security: 'Security notice',
      }),
    },
    title: { type: 'text', label: 'Title', required: true, maxLength: 160, listed: true },
    text: { type: 'longText', label: 'Text', maxLength: 4000 },
    isUrgent: { type: 'boolean', label: 'Urgent', defaultValue: false },
    sharing: {
      type: 'select',
      label: 'For',
      required: true,
      defaultValue: 'team',
      options: toOptions({ person: 'One person', team: 'The team', organization: 'Everyone of the organization' }),
    },
    ...ownershipFields,
  },
  mergePolicies: {
    owner: 'current',
    topic: 'immutable',
    title: 'immutable',
    text: 'immutable',
    isUrgent: 'immutable',
    sharing: 'immutable',
  },
  validate(record): readonly FieldProblem[] {
    if (record['sharing'] !== 'team' || typeof record['teamId'] === 'string') return [];
    return [{ field: 'teamId', code: 'required', message: 'Say which team is to hear this.' }];
  },
});
export type Announcement = RecordOf<typeof announcement>;
