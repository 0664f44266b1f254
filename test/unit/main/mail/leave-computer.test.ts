// Whoever leaves a computer, or is erased from it, leaves nothing of mailboxes, letters, jobs and backups.
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openOutboxStore } from '#main/mail/outbox-store.ts';
import { MAIL_FOLDER } from '#main/mail/kept-accounts.ts';
import { openMailStore } from '#main/mail/mail-store.ts';
import { removeMailCopies } from '#main/mail/remove-mail-copies.ts';
import { openJobFile } from '#main/jobs/job-file.ts';
import { JOBS_FILE } from '#main/jobs/job-engine.ts';
import { openProfiles } from '#main/profile/profiles.ts';
import { insideFolder, listBackups, writeBackup } from '#main/upkeep/backup-files.ts';
import { accountAt, createMailPlace, fileOptions, startMail } from '#test/support/mail-world.ts';

const key = Buffer.alloc(32, 3);
let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'outpost-leave-'));
});
afterEach(() => rmSync(root, { recursive: true }));

describe('a computer that is left', () => {
  it('D12 an erased profile takes its jobs, backups, mailboxes and letters along, and touches no other', () => {
    const profiles = openProfiles(root);
    for (const id of ['p1', 'p2']) {
      const directory = profiles.directoryOf(id);
      profiles.remember({ profileId: id, serverUrl: 'https://a', email: `${id}@example.test`, deviceId: id }, true);
      openMailStore(directory, key, fileOptions).close();
      openOutboxStore(directory, key, fileOptions).close();
      openJobFile(path.join(directory, JOBS_FILE), fileOptions.nowMs, fileOptions.log).close();
      const place = { owner: id, key, recovery: null, folder: insideFolder(directory) };
      expect(writeBackup(place, { operations: [], attention: [] }, 0)).not.toBeNull();
    }
    const gone = profiles.directoryOf('p1');
    removeMailCopies(gone);
    profiles.erase('p1');
    expect(existsSync(gone)).toBe(false);
    const stays = profiles.directoryOf('p2');
    expect(readdirSync(stays)).toEqual(expect.arrayContaining([JOBS_FILE, MAIL_FOLDER]));
    expect(listBackups(insideFolder(stays))).toHaveLength(1);
  });

  it('D12 the passwords of mailboxes go with a profile that is not open, and those of other profiles stay', async () => {
    const place = createMailPlace();
    const world = startMail(place);
    await world.engine.save({ id: null, account: accountAt(9, 9), password: 'a pass word' });
    await world.stop();
    place.secrets.set('mail:other:account', 'theirs');
    expect(place.secrets.size).toBe(2);
    await world.engine.forgetCredentials('profile', place.directory);
    expect([...place.secrets.keys()]).toEqual(['mail:other:account']);
    place.remove();
  });

  it('D12 a damaged mailbox is removed as it is, and does not keep the rest from being erased', () => {
    openMailStore(root, key, fileOptions).close();
    const file = path.join(root, MAIL_FOLDER, 'mailbox.sqlite');
    writeFileSync(file, 'no database at all, and longer than the head of one'.repeat(100));
    writeFileSync(`${file}.damaged-17`, 'one that was put aside before');
    removeMailCopies(root);
    expect(existsSync(file)).toBe(false);
    expect(existsSync(`${file}.damaged-17`)).toBe(false);
  });
});
