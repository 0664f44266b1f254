import type { Migration } from '#server/store/migrate.ts';

/** Whether the administrators know of an access they were not asked about; those before this were not told. */
export const supportTold: Migration = {
  number: 48,
  name: 'support told',
  statements: ['ALTER TABLE support_access ADD COLUMN told boolean NOT NULL DEFAULT true'],
};
