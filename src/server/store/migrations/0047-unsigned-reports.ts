import type { Migration } from '#server/store/migrate.ts';

/** How many mails looked like returned mail and did not show that they were about one of ours. */
export const unsignedReports: Migration = {
  number: 47,
  name: 'unsigned reports',
  statements: ['ALTER TABLE bounce_mailbox ADD COLUMN unsigned int NOT NULL DEFAULT 0'],
};
