import { defineEntity, type RecordOf } from '#shared/entities/define-entity.ts';
import { fileParentFields } from '#shared/entities/file/file.ts';
import { ownershipFields } from '#shared/entities/record-fields.ts';

/** Field of a comment that names its record: a comment belongs to what a file can belong to. */
export { fileParentFieldOf as commentParentFieldOf } from '#shared/entities/file/file.ts';

/**
 * What somebody says about a record (TSK-04). It is seen as its record is seen; its author alone rewords it. A mention calls
 * somebody's attention and widens nothing: who does not see the record never hears of the comment.
 */
export const comment = defineEntity({
  name: 'comment',
  collection: 'messages',
  label: 'Comment',
  labelPlural: 'Comments',
  titleField: 'body',
  audience: 'owner',
  fields: {
    body: { type: 'longText', label: 'Comment', required: true, maxLength: 10_000 },
    mentionedIds: { type: 'references', to: 'user', label: 'Mentioned' },
    editedAt: { type: 'dateTime', label: 'Reworded', system: true },
    accountId: { type: 'reference', to: 'account', label: 'Account', indexed: true },
    contactId: { type: 'reference', to: 'contact', label: 'Contact', indexed: true },
    leadId: { type: 'reference', to: 'lead', label: 'Lead', indexed: true },
    dealId: { type: 'reference', to: 'deal', label: 'Deal', indexed: true },
    activityId: { type: 'reference', to: 'activity', label: 'Activity', indexed: true },
    taskId: { type: 'reference', to: 'task', label: 'Task', indexed: true },
    /** Its author; decides nothing about who sees it, the record does. */
    ...ownershipFields,
  },
  mergePolicies: {
    owner: 'immutable',
    body: 'text3',
    mentionedIds: 'set',
    accountId: 'immutable',
    contactId: 'immutable',
    leadId: 'immutable',
    dealId: 'immutable',
    activityId: 'immutable',
    taskId: 'immutable',
  },
  validate(record) {
    const parents = Object.keys(fileParentFields).filter((field) => (record[field] ?? '') !== '');
    if (parents.length === 1) return [];
    return [{ field: 'body', code: 'commentParent', message: 'A comment belongs to exactly one record.' }];
  },
});
export type Comment = RecordOf<typeof comment>;
