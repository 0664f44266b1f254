import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createJobs, type JobsHost } from '#main/jobs/jobs.ts';
import { insideFolder, listBackups, outsideFolder, readBackup, readNewestBackup } from '#main/upkeep/backup-files.ts';
import { placesOf, settingsOf, type BackupProfile } from '#main/upkeep/backup-places.ts';
import type { ProfileState } from '#main/profile/profiles.ts';
import { cleanUpProfile } from '#main/upkeep/clean-up.ts';
import { rescueFromBackup } from '#main/upkeep/rescue.ts';
import { defineUpkeep } from '#main/upkeep/upkeep-jobs.ts';
import type { Actor } from '#shared/access/actor.ts';
import { createJournalWorld, rejected, type JournalWorld } from '#test/support/journal-world.ts';
import { openJobsWorld, type JobsWorld } from '#test/support/jobs-world.ts';

const jobsKey = Buffer.alloc(32, 3);
const DAY_MS = 86_400_000;

describe('what this computer does for a profile', () => {
  let journals: JournalWorld;
  let world: JobsWorld;
  let directory: string;
  beforeEach(() => {
    journals = createJournalWorld();
    directory = path.dirname(journals.path);
    world = openJobsWorld();
  });
  afterEach(() => {
    journals.remove();
    world.remove();
  });

  let folderLost = 0;
  let profile: BackupProfile;
  const inside = () => placesOf(profile.state(), directory, jobsKey).inside;

  function profileOf(journal: BackupProfile['journal']): BackupProfile {
    let state: Pick<ProfileState, 'actor' | 'backups'> = { actor: { tenantId: 'north', userId: 'rene' } as Actor };
    return {
      directory,
      jobsKey,
      journal,
      state: () => state,
      update: (change) => {
        state = { ...state, ...change };
      },
    };
  }

  async function start(journal: BackupProfile['journal']): Promise<JobsHost<BackupProfile>> {
    const jobs = createJobs<BackupProfile>(world.deps);
    folderLost = 0;
    defineUpkeep(jobs, {
      clock: { now: world.now },
      zone: () => 'Europe/Berlin',
      tidyFiles: () => undefined,
      onFolderLost: () => {
        folderLost += 1;
      },
    });
    profile = profileOf(journal);
    jobs.open(profile);
    await world.turns();
    return jobs;
  }

  it('OBS-04 a backup is made every hour when something changed, can be read again, and the newest 24 are kept', async () => {
    const journal = journals.open();
    const jobs = await start(journal);
    await world.pass(2 * 3_600_000);
    expect(listBackups(insideFolder(directory))).toHaveLength(1);
    for (let hour = 0; hour < 26; hour += 1) {
      journal.append([
        journals.draft({
          changes: [{ group: 'name', base: { name: 'Seen before' }, to: { name: `Typed ${String(hour)}` } }],
        }),
      ]);
      await jobs.runPlan('backup');
      await world.turns();
      world.jump(60_000);
    }
    const names = listBackups(insideFolder(directory));
    expect(names).toHaveLength(24);
    const newest = readBackup(inside(), names.at(-1) ?? '');
    expect(newest?.operations).toHaveLength(26);
    expect(newest?.operations.at(-1)?.changes[0]?.to).toEqual({ name: 'Typed 25' });
    // What was on the screen may be hidden from this person tomorrow.
    expect(JSON.stringify(newest)).not.toContain('Seen before');
    await jobs.close();
    journal.close();
  });

  it('OBS-04 a backup cannot be read in its file, with another key, under another first line, or after one byte was changed', async () => {
    const journal = journals.open();
    journal.append([journals.draft()]);
    const jobs = await start(journal);
    await jobs.runPlan('backup');
    await world.turns();
    const [name = ''] = listBackups(insideFolder(directory));
    const file = path.join(directory, 'backups', name);
    expect(readFileSync(file).includes('CANARY')).toBe(false);
    expect(readBackup({ ...inside(), key: Buffer.alloc(32, 4) }, name)).toBeNull();
    const bytes = readFileSync(file);
    // What stands in front of it is sealed along.
    const forged = Buffer.from(bytes.toString('latin1').replace('"recovery":null', '"recovery": null'), 'latin1');
    writeFileSync(path.join(directory, 'backups', 'unsent-2027.sealed'), forged);
    expect(readBackup(inside(), 'unsent-2027.sealed')).toBeNull();
    // The newest one that can be read counts.
    expect(readNewestBackup(inside())?.operations).toHaveLength(1);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(file, bytes);
    expect(readBackup(inside(), name)).toBeNull();
    await jobs.close();
    journal.close();
  });

  it('OBS-04 when the file with unsent work is lost, its author finds the work of the backup among what needs attention, and nothing is sent', async () => {
    const first = journals.open();
    const [refused, waiting] = first.append([
      journals.draft(),
      journals.draft({ recordId: 'deal-2', changes: [{ group: 'name', base: {}, to: { name: 'Typed offline' } }] }),
    ]);
    if (refused === undefined || waiting === undefined) throw new Error('nothing was appended');
    first.storeVerdicts([rejected(refused)]);
    const jobs = await start(first);
    await jobs.runPlan('backup');
    await world.turns();
    await jobs.close();
    first.close();
    writeFileSync(journals.path, 'the disk failed here');
    for (const part of ['-wal', '-shm']) writeFileSync(journals.path + part, '');
    const second = journals.open();
    expect(second.damage.isNumberingLost).toBe(true);
    expect(second.counts()).toEqual({ pending: 0, attention: 0 });
    expect(rescueFromBackup(second, [inside()])).toBe(2);
    expect(second.counts()).toEqual({ pending: 0, attention: 2 });
    const typed = second.attention().find(({ id }) => id === waiting.opId);
    expect([typed?.code, typed?.operation.changes[0]?.to]).toEqual(['journal_damaged', { name: 'Typed offline' }]);
    // Twice is once, and it stays over a restart.
    expect(rescueFromBackup(second, [inside()])).toBe(0);
    second.close();
    const third = journals.open();
    expect(third.counts()).toEqual({ pending: 0, attention: 2 });
    third.close();
  });

  it('OBS-04 a backup is copied to the chosen folder, and one that went away is told once, tried again every hour, and never made', async () => {
    const journal = journals.open();
    const jobs = await start(journal);
    const chosen = path.join(directory, '..', `${path.basename(directory)}-stick`);
    mkdirSync(chosen);
    profile.update({ backups: { ...settingsOf(profile.state()), folder: chosen, keep: 3 } });
    const type = async (name: string) => {
      journal.append([journals.draft({ changes: [{ group: 'name', base: {}, to: { name } }] })]);
      await jobs.runPlan('backup');
      await world.turns();
      world.jump(60_000);
    };
    for (const name of ['one', 'two', 'three', 'four']) await type(name);
    const copies = placesOf(profile.state(), directory, jobsKey).outside;
    if (copies === null) throw new Error('a folder is chosen');
    expect(copies.folder).toBe(outsideFolder(chosen, copies.owner));
    expect([listBackups(copies.folder), listBackups(inside().folder)].map((names) => names.length)).toEqual([3, 3]);
    expect(readNewestBackup(copies)?.operations).toHaveLength(4);
    rmSync(chosen, { recursive: true });
    await type('five');
    // It is tried five times, and fails where everybody sees it.
    await world.pass(50 * 60_000);
    expect(jobs.list({ kind: 'backup', state: 'failed' })[0]?.error?.code).toBe('backup_folder_gone');
    await type('six');
    expect(jobs.list({ kind: 'backup' })[0]?.state).toBe('done');
    expect([folderLost, existsSync(chosen), settingsOf(profile.state()).lostAt === null]).toEqual([1, false, false]);
    expect(readNewestBackup(inside())?.operations).toHaveLength(6);
    mkdirSync(chosen);
    await type('seven');
    expect(readNewestBackup(copies)?.operations).toHaveLength(7);
    expect(settingsOf(profile.state()).lostAt).toBeNull();
    rmSync(chosen, { recursive: true });
    await jobs.close();
    journal.close();
  });

  it('OBS-04 a clean-up removes what was put aside long ago and half written files, and nothing else', async () => {
    const nowMs = world.now();
    const files = [
      ['journal.sqlite.damaged-17', 1],
      ['journal.sqlite.damaged-17-wal', 1],
      // Put aside yesterday; nobody had written to it for long.
      [`jobs.sqlite.damaged-${String(nowMs - DAY_MS)}`, 200],
      ['mail/outbox.sqlite.damaged-17', 1],
      ['mail/outbox.sqlite', 400],
      ['profile.sealed.new', 2],
      ['profile.sealed', 400],
      ['journal.sqlite', 400],
    ] as const;
    mkdirSync(path.join(directory, 'mail'));
    for (const [name, days] of files) {
      const file = path.join(directory, name);
      writeFileSync(file, 'x');
      utimesSync(file, (nowMs - days * DAY_MS) / 1000, (nowMs - days * DAY_MS) / 1000);
    }
    expect(cleanUpProfile(directory, nowMs)).toEqual({ count: 4, bytes: 4 });
    expect(readdirSync(directory).sort()).toEqual([
      `jobs.sqlite.damaged-${String(nowMs - DAY_MS)}`,
      'journal.sqlite',
      'mail',
      'profile.sealed',
    ]);
    expect(readdirSync(path.join(directory, 'mail'))).toEqual(['outbox.sqlite']);
    expect(existsSync(path.join(directory, 'backups'))).toBe(false);
    await world.turns();
  });
});
