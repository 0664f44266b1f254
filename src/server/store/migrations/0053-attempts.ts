import type { Migration } from '#server/store/migrate.ts';

/** Attempts to guess, counted by all servers together, before it is known whose they are. Keys are hashes. */
export const attempts: Migration = {
  number: 53,
  name: 'attempts',
  statements: [
    'CREATE TABLE attempt_window (key text COLLATE "C" PRIMARY KEY, count int NOT NULL, ends_at bigint NOT NULL)',
  ],
};
