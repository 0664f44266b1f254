import type { Migration } from '#server/store/migrate.ts';

/** What was deleted lately, newest first: without it everything an organization ever deleted would be looked at. */
export const deletedRecords: Migration = {
  number: 56,
  name: 'deleted records',
  statements: ['CREATE INDEX record_by_deletion ON record (tenant, deleted_at DESC, coll, id) WHERE deleted'],
};
