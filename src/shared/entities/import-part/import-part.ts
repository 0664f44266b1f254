import { defineEntity, type RecordOf } from '#shared/entities/define-entity.ts';
import { ownershipFields } from '#shared/entities/record-fields.ts';

/**
 * What records said before an import changed them, so that undoing it is whole. Written together with each part of the
 * import, so that also an import that broke off can be taken back; goes when it was.
 */
export const importPart = defineEntity({
  name: 'importPart',
  collection: 'reports',
  label: 'Former values of an import',
  labelPlural: 'Former values of imports',
  titleField: 'importId',
  audience: 'owner',
  fields: {
    importId: { type: 'reference', to: 'importJob', label: 'Import', required: true, indexed: true },
    /** Whose former values these are: what an erasure looks for. */
    recordIds: { type: 'json', label: 'Records', required: true, noisy: true },
    /** Compressed; see shared/import/former-values.ts. */
    formerValues: { type: 'longText', label: 'Former values', required: true, maxLength: 200_000, noisy: true },
    ...ownershipFields,
  },
  mergePolicies: { owner: 'manual', importId: 'immutable', recordIds: 'immutable', formerValues: 'immutable' },
});
export type ImportPart = RecordOf<typeof importPart>;
