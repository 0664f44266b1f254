import { existsSync, mkdirSync, readFileSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createJobs, type JobsHost } from '#main/jobs/jobs.ts';
import { readBackup, readNewestBackup, listBackups } from '#main/upkeep/backup-files.ts';
import { cleanUpProfile } from '#main/upkeep/clean-up.ts';
import { rescueFromBackup } from '#main/upkeep/rescue.ts';
import { defineUpkeep, type UpkeepProfile } from '#main/upkeep/upkeep-jobs.ts';
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

  async function start(journal: UpkeepProfile['journal']): Promise<JobsHost<UpkeepProfile>> {
    const jobs = createJobs<UpkeepProfile>(world.deps);
    defineUpkeep(jobs, { clock: { now: world.now }, zone: () => 'Europe/Berlin', tidyFiles: () => undefined });
    jobs.open({ directory, jobsKey, journal });
    await world.turns();
    return jobs;
  }

  it('OBS-04 a backup is made every hour when something changed, can be read again, and the newest 24 are kept', async () => {
    const journal = journals.open();
    const jobs = await start(journal);
    await world.pass(2 * 3_600_000);
    expect(listBackups(directory)).toHaveLength(1);
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
    const names = listBackups(directory);
    expect(names).toHaveLength(24);
    const newest = readBackup({ directory, key: jobsKey }, names.at(-1) ?? '');
    expect(newest?.operations).toHaveLength(26);
    expect(newest?.operations.at(-1)?.changes[0]?.to).toEqual({ name: 'Typed 25' });
    // What was on the screen may be hidden from this person tomorrow.
    expect(JSON.stringify(newest)).not.toContain('Seen before');
    await jobs.close();
    journal.close();
  });

  it('OBS-04 a backup cannot be read in its file, with another key, under another name, or after one byte was changed', async () => {
    const journal = journals.open();
    journal.append([journals.draft()]);
    const jobs = await start(journal);
    await jobs.runPlan('backup');
    await world.turns();
    const [name = ''] = listBackups(directory);
    const file = path.join(directory, 'backups', name);
    expect(readFileSync(file).includes('CANARY')).toBe(false);
    expect(readBackup({ directory, key: Buffer.alloc(32, 4) }, name)).toBeNull();
    const bytes = readFileSync(file);
    writeFileSync(path.join(directory, 'backups', 'unsent-2027.sealed'), bytes);
    expect(readBackup({ directory, key: jobsKey }, 'unsent-2027.sealed')).toBeNull();
    // The newest one that can be read counts.
    expect(readNewestBackup({ directory, key: jobsKey })?.operations).toHaveLength(1);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(file, bytes);
    expect(readBackup({ directory, key: jobsKey }, name)).toBeNull();
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
    expect(rescueFromBackup(second, { directory, key: jobsKey })).toBe(2);
    expect(second.counts()).toEqual({ pending: 0, attention: 2 });
    const typed = second.attention().find(({ id }) => id === waiting.opId);
    expect([typed?.code, typed?.operation.changes[0]?.to]).toEqual(['journal_damaged', { name: 'Typed offline' }]);
    // Twice is once, and it stays over a restart.
    expect(rescueFromBackup(second, { directory, key: jobsKey })).toBe(0);
    second.close();
    const third = journals.open();
    expect(third.counts()).toEqual({ pending: 0, attention: 2 });
    third.close();
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
