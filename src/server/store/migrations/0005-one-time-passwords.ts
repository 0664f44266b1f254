import type { Migration } from '#server/store/migrate.ts';

/**
 * Until when a password given by an administrator opens the door, once, to a password of the person's own choice. Null:
 * the password is the person's own.
 */
export const oneTimePasswords: Migration = {
  number: 5,
  name: 'one-time passwords',
  statements: ['ALTER TABLE account ADD COLUMN one_time_until bigint'],
};
