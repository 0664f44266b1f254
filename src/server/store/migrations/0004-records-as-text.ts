import type { Migration } from '#server/store/migrate.ts';

/**
 * Records are read and written whole, thousands at a time, and never searched inside: as json they are stored as the text
 * they came in, instead of being taken apart at every write and put together at every read. Room in the pages lets an
 * edited record stay in its page, so that no index is touched.
 */
export const recordsAsText: Migration = {
  number: 4,
  name: 'records as text',
  statements: [
    'ALTER TABLE record ALTER COLUMN data TYPE json USING data::text::json, ALTER COLUMN field_rev TYPE json USING field_rev::text::json',
    'ALTER TABLE op_result ALTER COLUMN verdict TYPE json USING verdict::text::json',
    'ALTER TABLE record SET (fillfactor = 80)',
  ],
};
