// What the person of a profile decides about its backups, and bringing one back. Bringing back only adds: what is here stays as it
// is, what the server answered meanwhile is left out, and the rest waits among what needs attention, so nothing is sent unasked.
import { existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { BackupPreview, BackupState, KeptBackupFile } from '#shared/ipc/backup-channels.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type { Operation } from '#shared/sync/operation.ts';
import type { KeptBackupSettings } from '#main/profile/profiles.ts';
import { keepNewest, listBackups, writeBackup, type BackupPlace } from '#main/upkeep/backup-files.ts';
import { backupKeyOf, openBackupBytes, sealKey, type KeptBackup } from '#main/upkeep/backup-format.ts';
import {
  folderFailure,
  folderGone,
  isThere,
  keysOf,
  placesOf,
  settingsOf,
  unsentOf,
  type BackupProfile,
} from '#main/upkeep/backup-places.ts';

/** Larger ones were not made here. */
const MOST_BYTES = 512 * 1024 * 1024;

export interface BackupDeps {
  readonly active: () => BackupProfile | null;
  readonly clock: Clock;
  readonly createId: () => string;
  /** Where the application keeps everything: no place for copies. */
  readonly ownFolder: string;
  /** Dialogs of the system; null when nobody chooses. */
  readonly chooseFolder: () => Promise<string | null>;
  readonly chooseFile: (from: string | null) => Promise<string | null>;
  /** Makes one now; the id of its job. */
  readonly enqueue: () => Promise<string>;
  readonly onChanged: () => void;
  /** Something needs attention that did not before. */
  readonly onBack: () => void;
}

export interface Backups {
  state(): BackupState;
  chooseFolder(): Promise<void>;
  forgetFolder(): void;
  setKeep(count: number): void;
  setPassphrase(passphrase: string | null): Promise<void>;
  now(): Promise<string>;
  look(backup: Pick<KeptBackupFile, 'place' | 'name'> | null): Promise<BackupPreview | null>;
  openWith(passphrase: string): Promise<BackupPreview>;
  restore(id: string): number;
  /** The profile leaves this computer: its copies go, as far as they can be reached. */
  destroyCopies(): void;
}

function instantOf(name: string): string {
  return name.replace(/^unsent-(\d+-\d+-\d+T\d+)-(\d+)-(.+)\.sealed$/, '$1:$2:$3');
}

function filesOf(
  place: BackupPlace,
  where: KeptBackupFile['place'],
  copies: ReadonlySet<string> = new Set(),
): readonly KeptBackupFile[] {
  return listBackups(place.folder).map((name) => ({
    place: where,
    isCopied: copies.has(name),
    name,
    at: instantOf(name),
    bytes: statSync(path.join(place.folder, name)).size,
  }));
}

function assertWritable(folder: string): void {
  const probe = path.join(folder, '.outpost-can-write');
  try {
    if (!isThere(folder)) throw folderGone();
    writeFileSync(probe, '');
    rmSync(probe);
  } catch (error) {
    throw folderFailure(error);
  }
}

/** What somebody typed; what was read in the inbox is no work to decide about. */
const isTyped = ({ kind, entity }: Operation): boolean => kind !== 'void' && entity !== 'notificationMark';

function idsOf({ operations, attention }: Pick<KeptBackup, 'operations' | 'attention'>): readonly string[] {
  return [...operations.filter(isTyped).map(({ opId }) => opId), ...attention.map(({ id }) => id)];
}

interface Looked {
  readonly profile: BackupProfile;
  readonly id: string;
  readonly kept: KeptBackup;
}

export function createBackups(deps: BackupDeps): Backups {
  let looked: Looked | null = null;
  let asksPassphrase: Uint8Array | null = null;

  function profileNow(): BackupProfile {
    const profile = deps.active();
    if (profile === null) throw new OutpostError('not_signed_in', 'Sign in to continue.');
    return profile;
  }

  const places = (profile: BackupProfile) => placesOf(profile.state(), profile.directory, profile.jobsKey);

  function change(part: Partial<KeptBackupSettings>): void {
    const profile = profileNow();
    profile.update({ backups: { ...settingsOf(profile.state()), ...part } });
    deps.onChanged();
  }

  /** What of it is neither here nor answered. */
  function sort(profile: BackupProfile, kept: KeptBackup) {
    const { journal } = profile;
    const here = new Set([...journal.pending().map(({ opId }) => opId), ...journal.attention().map(({ id }) => id)]);
    const answered = journal.answered();
    const isBack = (id: string): boolean => !here.has(id) && !answered.has(id);
    return {
      here: idsOf(kept).filter((id) => here.has(id)).length,
      sent: idsOf(kept).filter((id) => !here.has(id) && answered.has(id)).length,
      operations: kept.operations.filter((operation) => isTyped(operation) && isBack(operation.opId)),
      attention: kept.attention.filter(({ id }) => isBack(id)),
    };
  }

  function describe({ profile, id, kept }: Looked): BackupPreview {
    const { here, sent, operations, attention } = sort(profile, kept);
    const counts = new Map<string, { entity: string; command: string; count: number }>();
    for (const { entity, command } of [...operations, ...attention.map(({ operation }) => operation)]) {
      const known = counts.get(`${entity} ${command}`) ?? { entity, command, count: 0 };
      counts.set(`${entity} ${command}`, { ...known, count: known.count + 1 });
    }
    return {
      id,
      at: kept.at,
      changes: kept.operations.filter(isTyped).length,
      items: kept.attention.length,
      here,
      sent,
      back: operations.length + attention.length,
      kinds: [...counts.values()].toSorted((one, other) => other.count - one.count),
    };
  }

  async function open(bytes: Uint8Array, passphrase: string | null): Promise<BackupPreview> {
    const profile = profileNow();
    looked = null;
    asksPassphrase = null;
    try {
      const kept = await openBackupBytes(keysOf(profile.state(), profile.jobsKey), bytes, passphrase);
      looked = { profile, id: deps.createId(), kept };
      return describe(looked);
    } catch (error) {
      const asks = error instanceof OutpostError && ['backup_passphrase', 'wrong_passphrase'].includes(error.code);
      if (asks) asksPassphrase = bytes;
      throw error;
    }
  }

  function read(file: string): Uint8Array {
    try {
      if (statSync(file).size > MOST_BYTES)
        throw new OutpostError('backup_damaged', 'This file is too large for a backup.');
      return readFileSync(file);
    } catch (error) {
      throw error instanceof OutpostError ? error : folderGone(error);
    }
  }

  return {
    state() {
      const profile = profileNow();
      const { folder, keep, recovery, lostAt } = settingsOf(profile.state());
      const { inside, outside } = places(profile);
      const isReachable = folder !== null && isThere(folder);
      const copies = outside === null || !isReachable ? [] : filesOf(outside, 'outside');
      const own = filesOf(inside, 'inside', new Set(copies.map(({ name }) => name)));
      const names = new Set(own.map(({ name }) => name));
      return {
        folder,
        isReachable,
        lostAt,
        keep,
        hasPassphrase: recovery !== null,
        backups: [...own, ...copies.filter(({ name }) => !names.has(name))].toSorted((one, other) =>
          one.at < other.at ? 1 : -1,
        ),
      };
    },
    async chooseFolder() {
      const profile = profileNow();
      const folder = await deps.chooseFolder();
      // Somebody else may have signed in while the dialog was open.
      if (folder === null || deps.active() !== profile) return;
      const inside = path.relative(deps.ownFolder, folder);
      if (!inside.startsWith('..') && !path.isAbsolute(inside))
        throw new OutpostError('backup_folder_inside', 'Choose a folder outside of the one Outpost keeps its data in.');
      assertWritable(folder);
      change({ folder, lostAt: null });
      mkdirSync(places(profile).outside?.folder ?? folder, { recursive: true, mode: 0o700 });
      await deps.enqueue();
    },
    forgetFolder: () => change({ folder: null, lostAt: null }),
    setKeep: (count) => change({ keep: count }),
    async setPassphrase(passphrase) {
      const profile = profileNow();
      const recovery = passphrase === null ? null : await sealKey(backupKeyOf(profile.jobsKey), passphrase);
      if (deps.active() !== profile) return;
      change({ recovery });
      await deps.enqueue();
    },
    now: () => deps.enqueue(),
    async look(backup) {
      const profile = profileNow();
      const { inside, outside } = places(profile);
      if (backup !== null) {
        const place = backup.place === 'inside' ? inside : outside;
        if (place === null) throw folderGone();
        return open(read(path.join(place.folder, backup.name)), null);
      }
      const from = outside !== null && existsSync(outside.folder) ? outside.folder : null;
      const file = await deps.chooseFile(from);
      return file === null || deps.active() !== profile ? null : open(read(file), null);
    },
    openWith(passphrase) {
      if (asksPassphrase === null) throw new OutpostError('not_found', 'Choose the backup again.');
      return open(asksPassphrase, passphrase);
    },
    restore(id) {
      const profile = profileNow();
      const found = looked;
      if (found?.id !== id || found.profile !== profile)
        throw new OutpostError('not_found', 'Choose the backup again.');
      looked = null;
      // What is here now is in a backup of its own before anything is added to it.
      writeBackup(places(profile).inside, unsentOf(profile.journal), deps.clock.now());
      const { operations, attention } = sort(profile, found.kept);
      const back = profile.journal.showAgain(operations, attention, 'from_backup');
      if (back > 0) deps.onBack();
      return back;
    },
    destroyCopies() {
      const profile = deps.active();
      const outside = profile === null ? null : places(profile).outside;
      if (outside === null || !existsSync(outside.folder)) return;
      keepNewest(outside.folder, 0);
      rmdirSync(outside.folder);
    },
  };
}
