import { defineEntity, type EntityName, type RecordOf } from '#shared/entities/define-entity.ts';
import { ownershipFields, toOptions } from '#shared/entities/record-fields.ts';
import { cleanFileName } from '#shared/files/file-name.ts';

/** Fields that name the record a file belongs to; exactly one of them is filled. */
export const fileParentFields = {
  taskId: 'task',
  activityId: 'activity',
  mailContentId: 'mailContent',
  dealId: 'deal',
  leadId: 'lead',
  contactId: 'contact',
  accountId: 'account',
} as const satisfies Readonly<Record<string, EntityName>>;

/** Field of a file that names a record of this kind; undefined for kinds that have no files. */
export function fileParentFieldOf(entity: EntityName): keyof typeof fileParentFields | undefined {
  const found = Object.entries(fileParentFields).find(([, name]) => name === entity);
  return found?.[0] as keyof typeof fileParentFields | undefined;
}

/**
 * A file of a record: what everybody who sees the record knows about it. Its content travels apart, in chunks; `availableAt`
 * says that the server has all of it and that it is what its author had. Whoever may change the record attaches and removes
 * its files (CRM-10, TSK-03).
 */
export const file = defineEntity({
  name: 'file',
  collection: 'files',
  label: 'File',
  labelPlural: 'Files',
  titleField: 'name',
  audience: 'owner',
  fields: {
    name: { type: 'text', label: 'Name', required: true, searchable: true, listed: true },
    /** What people call the document, where that is not the name of the file. */
    title: { type: 'text', label: 'Title', searchable: true, maxLength: 180 },
    documentKind: {
      type: 'select',
      label: 'Kind',
      indexed: true,
      options: toOptions({
        proposal: 'Proposal',
        contract: 'Contract',
        presentation: 'Presentation',
        specification: 'Specification',
        invoice: 'Invoice',
        other: 'Other',
      }),
    },
    status: {
      type: 'select',
      label: 'Status',
      indexed: true,
      options: toOptions({ draft: 'Draft', sent: 'Sent', signed: 'Signed' }),
    },
    /** The first version of the document this is a later one of (`document-versions.ts`). */
    documentId: { type: 'reference', to: 'file', label: 'Document' },
    sizeBytes: { type: 'integer', label: 'Size', required: true, listed: true },
    /** By its first bytes, never by its name. */
    mediaType: { type: 'text', label: 'Type', required: true, maxLength: 100 },
    /** Of the whole content, in hexadecimal digits. */
    sha256: { type: 'text', label: 'Fingerprint', required: true, maxLength: 64, noisy: true },
    /** Set by the server alone. */
    availableAt: { type: 'dateTime', label: 'On the server since', system: true, noisy: true },
    accountId: { type: 'reference', to: 'account', label: 'Account', indexed: true },
    contactId: { type: 'reference', to: 'contact', label: 'Contact', indexed: true },
    leadId: { type: 'reference', to: 'lead', label: 'Lead', indexed: true },
    dealId: { type: 'reference', to: 'deal', label: 'Deal', indexed: true },
    activityId: { type: 'reference', to: 'activity', label: 'Activity', indexed: true },
    taskId: { type: 'reference', to: 'task', label: 'Task', indexed: true },
    /** A mail as it came. */
    mailContentId: { type: 'reference', to: 'mailContent', label: 'E-mail', indexed: true },
    /** Who attached it; decides nothing, the record does. */
    ...ownershipFields,
  },
  mergePolicies: {
    // Nothing about a content is a matter of opinion: what is to be another one is attached anew.
    owner: 'immutable',
    name: 'immutable',
    documentId: 'immutable',
    sizeBytes: 'immutable',
    mediaType: 'immutable',
    sha256: 'immutable',
    availableAt: 'immutable',
    accountId: 'immutable',
    contactId: 'immutable',
    leadId: 'immutable',
    dealId: 'immutable',
    activityId: 'immutable',
    taskId: 'immutable',
    mailContentId: 'immutable',
  },
  validate(record) {
    const name = record['name'];
    if (typeof name !== 'string' || cleanFileName(name) !== name)
      return [{ field: 'name', code: 'fileName', message: 'This is not a name for a file.' }];
    const title = record['title'];
    if (typeof title === 'string' && title !== '' && cleanFileName(title) !== title)
      return [{ field: 'title', code: 'fileName', message: 'This is not a name for a file.' }];
    const size = record['sizeBytes'];
    if (typeof size !== 'number' || size < 1)
      return [{ field: 'sizeBytes', code: 'emptyFile', message: 'This file is empty.' }];
    if (!/^[0-9a-f]{64}$/.test(String(record['sha256'])) || !/^[a-z]+\/[a-z0-9.+-]+$/.test(String(record['mediaType'])))
      return [{ field: 'sha256', code: 'type', message: 'The file is not described as expected.' }];
    const parents = Object.keys(fileParentFields).filter((field) => (record[field] ?? '') !== '');
    if (parents.length !== 1)
      return [{ field: 'name', code: 'fileParent', message: 'A file belongs to exactly one record.' }];
    return [];
  },
});
export type FileRecord = RecordOf<typeof file>;
