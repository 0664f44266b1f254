// Whoever leaves a computer leaves no copies of their mail.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { MAIL_FOLDER } from '#main/mail/kept-accounts.ts';
import { MAILBOX_FILE } from '#main/mail/mail-store.ts';

/** Everything that can be fetched again goes, damaged files with it; the accounts stay, as what somebody wrote does. */
export function removeMailCopies(profileDirectory: string): void {
  const folder = path.join(profileDirectory, MAIL_FOLDER);
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder))
    if (name.startsWith(`${MAILBOX_FILE}.damaged`)) rmSync(path.join(folder, name), { force: true });
  const file = path.join(folder, MAILBOX_FILE);
  if (!existsSync(file)) return;
  try {
    const db = new DatabaseSync(file);
    try {
      db.exec('PRAGMA secure_delete = ON');
      for (const table of ['body', 'place', 'mail', 'folder']) db.exec(`DELETE FROM ${table}`);
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } finally {
      db.close();
    }
  } catch {
    // A damaged file keeps nothing else from being erased: it goes whole.
    for (const part of ['', '-wal', '-shm']) rmSync(file + part, { force: true });
  }
}
