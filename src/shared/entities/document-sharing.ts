// Who sees a report, a dashboard or a mail template beside its owner. They are ways to look at records: whoever sees one sees the own records
// through it and no others.
import type { EntityName, FieldDefinition, MergePolicy } from '#shared/entities/define-entity.ts';

export const sharingChoices = ['private', 'team', 'organization'] as const;
export type Sharing = (typeof sharingChoices)[number];

export const documentEntities: readonly EntityName[] = ['report', 'dashboard', 'mailTemplate'];

export const documentSharing = {
  sharing: {
    type: 'select',
    label: 'Visible to',
    defaultValue: 'private',
    listed: true,
    options: [
      { value: 'private', label: 'Only me' },
      { value: 'team', label: 'My team' },
      { value: 'organization', label: 'Everyone of the organization' },
    ],
  },
} as const satisfies Readonly<Record<string, FieldDefinition>>;

export const documentSharingPolicies = { sharing: 'current' } as const satisfies Readonly<Record<string, MergePolicy>>;
