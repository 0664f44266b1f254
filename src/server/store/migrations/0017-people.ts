import type { Migration } from '#server/store/migrate.ts';

export const people: Migration = {
  number: 17,
  name: 'invitations and devices',
  statements: [
    // Who was invited, when, by whom, and to which address the link went; `mailed_to` is null when it was passed on by hand.
    `ALTER TABLE account ADD COLUMN invited_at bigint, ADD COLUMN invited_by text COLLATE "C", ADD COLUMN mailed_to text`,
    // What a person calls a device, and the order to erase it: given, told to the device, and done, as the device says with
    // the receipt that only it was given.
    `ALTER TABLE device ADD COLUMN given_name text, ADD COLUMN wipe_ordered_at bigint,
       ADD COLUMN wipe_ordered_by text COLLATE "C", ADD COLUMN wipe_receipt text COLLATE "C", ADD COLUMN wipe_told_at bigint,
       ADD COLUMN wiped_at bigint`,
  ],
};
