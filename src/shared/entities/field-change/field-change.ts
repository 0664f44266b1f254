// What was changed in a record, kept for its timeline: the values before and after, written by the server in the transaction
// of the change and by nobody else. It follows its record, so it is seen by whoever sees that, and value by value through the
// rules of its fields (`../../access/project.ts`). What deals are worth and where they stand has a history of its own (`stageChange`).
import { defineEntity, type RecordOf } from '#shared/entities/define-entity.ts';
import { ownershipFields, toOptions } from '#shared/entities/record-fields.ts';

export const fieldChange = defineEntity({
  name: 'fieldChange',
  collection: 'activities',
  label: 'Change',
  labelPlural: 'Changes',
  titleField: 'source',
  audience: 'owner',
  fields: {
    /** Exactly one of these names the record that was changed. */
    accountId: { type: 'reference', to: 'account', label: 'Account', indexed: true },
    contactId: { type: 'reference', to: 'contact', label: 'Contact', indexed: true },
    leadId: { type: 'reference', to: 'lead', label: 'Lead', indexed: true },
    dealId: { type: 'reference', to: 'deal', label: 'Deal', indexed: true },
    /** Groups of the record that changed; decides for whom there is such an entry at all. */
    groups: { type: 'json', label: 'Groups', noisy: true },
    /** By field; long texts by their beginning. */
    before: { type: 'json', label: 'Before' },
    after: { type: 'json', label: 'After' },
    source: {
      type: 'select',
      label: 'Source',
      options: toOptions({
        user: 'By hand',
        workflow: 'Automatically',
        import: 'Import',
        api: 'Another program',
        sync: 'Synchronization',
      }),
    },
    /** What was done, where that is more than an edit (a conversion, say). */
    command: { type: 'text', label: 'Action', maxLength: 64 },
    occurredAt: { type: 'dateTime', label: 'When', indexed: true },
    ...ownershipFields,
  },
  mergePolicies: {
    owner: 'current',
    accountId: 'immutable',
    contactId: 'immutable',
    leadId: 'immutable',
    dealId: 'immutable',
    groups: 'immutable',
    before: 'immutable',
    after: 'immutable',
    source: 'immutable',
    command: 'immutable',
    occurredAt: 'immutable',
  },
});
export type FieldChange = RecordOf<typeof fieldChange>;
