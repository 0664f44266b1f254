import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '#shared/access/actor.ts';
import type { AttentionItem } from '#shared/ipc/sync-status.ts';
import type { Journal } from '#main/journal/journal.ts';
import type { ProfileState } from '#main/profile/profiles.ts';
import { listBackups, writeBackup } from '#main/upkeep/backup-files.ts';
import { placesOf, settingsOf, unsentOf, type BackupProfile } from '#main/upkeep/backup-places.ts';
import { createBackups, type Backups } from '#main/upkeep/backups.ts';
import { applied, createJournalWorld, rejected, type JournalWorld } from '#test/support/journal-world.ts';

interface Computer {
  readonly journal: Journal;
  readonly profile: BackupProfile;
  readonly backups: Backups;
  /** What is chosen in a dialog. */
  chosen: string | null;
  back: number;
}

describe('backups of unsent work', () => {
  let root: string;
  const worlds: JournalWorld[] = [];
  const opened: Journal[] = [];
  let nowMs = Date.parse('2026-11-21T09:00:00Z');
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'outpost-backups-'));
  });
  afterEach(() => {
    for (const journal of opened.splice(0)) journal.close();
    for (const world of worlds.splice(0)) world.remove();
    rmSync(root, { recursive: true });
  });

  function openComputer(name: string, person = { tenantId: 'north', userId: 'rene' }): Computer {
    const world = createJournalWorld(worlds.length + 1);
    worlds.push(world);
    const journal = world.open();
    opened.push(journal);
    const directory = path.join(root, name);
    mkdirSync(directory);
    let state: Pick<ProfileState, 'actor' | 'backups'> = { actor: person as Actor };
    const profile: BackupProfile = {
      directory,
      jobsKey: Buffer.from(name.padEnd(32, 'x')),
      journal,
      state: () => state,
      update: (change) => {
        state = { ...state, ...change };
      },
    };
    const computer: Computer = {
      journal,
      profile,
      chosen: null,
      back: 0,
      backups: createBackups({
        active: () => profile,
        clock: { now: () => (nowMs += 1000) },
        createId: () => `look-${String((nowMs += 1))}`,
        ownFolder: directory,
        chooseFolder: () => Promise.resolve(computer.chosen),
        chooseFile: () => Promise.resolve(computer.chosen),
        enqueue() {
          const { inside, outside } = placesOf(state, directory, profile.jobsKey);
          for (const place of [inside, outside])
            if (place !== null) writeBackup(place, unsentOf(journal), (nowMs += 1000), true);
          return Promise.resolve('job');
        },
        onChanged: () => undefined,
        onBack: () => {
          computer.back += 1;
        },
      }),
    };
    return computer;
  }

  const typed = (computer: Computer, name: string) => {
    const world = worlds[opened.indexOf(computer.journal)];
    const [operation] = computer.journal.append([
      world?.draft({ changes: [{ group: 'name', base: {}, to: { name } }] }) ?? raise(),
    ]);
    return operation ?? raise();
  };
  function raise(): never {
    throw new Error('there is one');
  }
  const nameOf = (item: AttentionItem) => item.operation.changes[0]?.to;

  async function lookAtNewest({ backups }: Computer) {
    const [newest] = backups.state().backups;
    return (await backups.look(newest ?? raise())) ?? raise();
  }

  it('OBS-04 bringing one back adds what is missing to what needs attention, and changes nothing that is here or was sent', async () => {
    const here = openComputer('one');
    const [sent, waiting, refused] = [typed(here, 'sent'), typed(here, 'waiting'), typed(here, 'refused')];
    here.journal.storeVerdicts([rejected(refused)]);
    here.journal.markDelivered([refused.opId]);
    await here.backups.now();
    here.journal.storeVerdicts([applied(sent)]);
    here.journal.markDelivered([sent.opId]);
    here.journal.discard(refused.opId);
    const later = typed(here, 'typed later');
    const preview = await lookAtNewest(here);
    expect(preview).toMatchObject({ changes: 2, items: 1, here: 1, sent: 1, back: 1 });
    expect(preview.kinds).toEqual([{ entity: 'deal', command: 'updateRecord', count: 1 }]);
    const pending = here.journal.pending();
    expect(here.backups.restore(preview.id)).toBe(1);
    expect(here.journal.pending()).toEqual(pending);
    expect(pending.map(({ opId }) => opId)).toEqual([waiting.opId, later.opId]);
    expect(here.journal.attention().map(nameOf)).toEqual([{ name: 'refused' }]);
    expect(here.back).toBe(1);
    // What is here now was kept before, and the same preview is not taken twice.
    expect((await lookAtNewest(here)).changes).toBe(2);
    expect(() => here.backups.restore(preview.id)).toThrow(/again/);
  });

  it('OBS-04 another computer of the same person reads it with the passphrase only, and nothing of it is sent there by itself', async () => {
    const first = openComputer('one');
    typed(first, 'typed on the lost computer');
    first.chosen = path.join(root, 'stick');
    mkdirSync(first.chosen);
    await first.backups.chooseFolder();
    const folder =
      placesOf(first.profile.state(), first.profile.directory, first.profile.jobsKey).outside?.folder ?? '';
    const newest = () => path.join(folder, listBackups(folder).at(-1) ?? '');
    const second = openComputer('two');
    second.chosen = newest();
    await expect(second.backups.look(null)).rejects.toMatchObject({ code: 'backup_other_key' });
    await expect(first.backups.setPassphrase('too short')).rejects.toMatchObject({ code: 'invalid' });
    await first.backups.setPassphrase('a long enough passphrase');
    second.chosen = newest();
    expect(readFileSync(second.chosen).includes('typed on')).toBe(false);
    await expect(second.backups.look(null)).rejects.toMatchObject({ code: 'backup_passphrase' });
    await expect(second.backups.openWith('a wrong passphrase')).rejects.toMatchObject({ code: 'wrong_passphrase' });
    const preview = await second.backups.openWith('a long enough passphrase');
    expect(preview).toMatchObject({ changes: 1, here: 0, sent: 0, back: 1 });
    expect(second.backups.restore(preview.id)).toBe(1);
    expect(second.journal.counts()).toEqual({ pending: 0, attention: 1 });
    expect(second.journal.attention()[0]).toMatchObject({ code: 'from_backup' });
  });

  it('OBS-04 a backup of somebody else, of another organization, a damaged one and any other file are refused, each with its reason', async () => {
    const first = openComputer('one');
    typed(first, 'mine');
    await first.backups.setPassphrase('a long enough passphrase');
    const folder = placesOf(first.profile.state(), first.profile.directory, first.profile.jobsKey).inside.folder;
    const file = path.join(folder, listBackups(folder).at(-1) ?? '');
    for (const [name, person] of [
      ['somebody', { tenantId: 'north', userId: 'ada' }],
      ['elsewhere', { tenantId: 'south', userId: 'rene' }],
    ] as const) {
      const other = openComputer(name, person);
      other.chosen = file;
      await expect(other.backups.look(null)).rejects.toMatchObject({ code: 'backup_foreign' });
    }
    const bytes = readFileSync(file);
    bytes[bytes.length - 3] = (bytes.at(-3) ?? 0) ^ 1;
    const broken = path.join(root, 'broken');
    writeFileSync(broken, bytes);
    first.chosen = broken;
    await expect(first.backups.look(null)).rejects.toMatchObject({ code: 'backup_damaged' });
    for (const text of ['a letter\nto somebody', '{"outpostBackup":1}\n', '']) {
      writeFileSync(broken, text);
      await expect(first.backups.look(null)).rejects.toMatchObject({ code: 'backup_damaged' });
    }
    first.chosen = path.join(root, 'not there');
    await expect(first.backups.look(null)).rejects.toMatchObject({ code: 'backup_folder_gone' });
  });

  it('OBS-04 the folder for copies lies outside of the own data, is shared with others of the computer, and is emptied when the profile leaves', async () => {
    const [first, other] = [openComputer('one'), openComputer('other', { tenantId: 'north', userId: 'ada' })];
    first.chosen = path.join(first.profile.directory, 'backups');
    await expect(first.backups.chooseFolder()).rejects.toMatchObject({ code: 'backup_folder_inside' });
    first.chosen = path.join(root, 'not there');
    await expect(first.backups.chooseFolder()).rejects.toMatchObject({ code: 'backup_folder_gone' });
    first.chosen = null;
    await first.backups.chooseFolder();
    expect(settingsOf(first.profile.state()).folder).toBeNull();
    const stick = path.join(root, 'stick');
    mkdirSync(stick);
    for (const computer of [first, other]) {
      typed(computer, 'mine');
      computer.chosen = stick;
      await computer.backups.chooseFolder();
    }
    expect(readdirSync(stick)).toHaveLength(2);
    expect(first.backups.state()).toMatchObject({ folder: stick, isReachable: true, keep: 24, hasPassphrase: false });
    first.backups.destroyCopies();
    expect(readdirSync(stick)).toHaveLength(1);
    expect(other.backups.state().backups.some(({ place }) => place === 'outside')).toBe(true);
  });
});
