import type { Migration } from '#server/store/migrate.ts';

/** Plan and price of a month, as they were when it was looked at last; those before this have none. */
export const billing: Migration = {
  number: 49,
  name: 'billing',
  statements: ['ALTER TABLE platform_usage ADD COLUMN plan text, ADD COLUMN price json'],
};
