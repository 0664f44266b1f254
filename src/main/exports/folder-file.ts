// A file that is written into a folder somebody chose: piece by piece beside its place, and under its name when all of it is there.
import { access, constants, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { OutpostError } from '#shared/kernel/errors.ts';

export interface FolderFile {
  add(bytes: Uint8Array): Promise<void>;
  /** On the disk, in the place of one of the same name. */
  keep(name: string): Promise<void>;
  /** Nothing of it stays, unless it was kept. */
  drop(): Promise<void>;
}

function toFailure(cause: unknown): OutpostError {
  if (cause instanceof OutpostError) return cause;
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC'
    ? new OutpostError('disk_full', 'The disk of the folder for this file is full.', {}, { cause })
    : new OutpostError('export_folder_gone', 'The folder for this file cannot be reached or written.', {}, { cause });
}

/** The folder itself is never made: where a disk is missing, something else would lie in its place. @throws OutpostError `export_folder_gone` */
export async function assertFolder(folder: string): Promise<void> {
  try {
    await access(folder, constants.W_OK);
    if (!(await stat(folder)).isDirectory()) throw new Error('This is no folder.');
  } catch (error) {
    throw toFailure(error);
  }
}

/** `id` tells its pieces from those of others. All of it throws `export_folder_gone` and `disk_full`. */
export function createFolderFile(folder: string, id: string): FolderFile {
  const part = path.join(folder, `.outpost-${id}.part`);
  let opening: Promise<FileHandle> | null = null;
  let isKept = false;

  async function write(bytes: Uint8Array): Promise<void> {
    opening ??= assertFolder(folder).then(() => open(part, 'w'));
    await (await opening).writeFile(bytes);
  }

  async function keep(name: string): Promise<void> {
    if (opening === null || name === '' || path.basename(name) !== name || name.startsWith('.'))
      throw new OutpostError('invalid', 'A file in a folder needs content and a plain name.');
    await (await opening).sync();
    await rename(part, path.join(folder, name));
    isKept = true;
  }

  return {
    add: (bytes) => write(bytes).catch((error: unknown) => Promise.reject(toFailure(error))),
    keep: (name) => keep(name).catch((error: unknown) => Promise.reject(toFailure(error))),
    async drop() {
      if (opening === null) return;
      const [file] = await Promise.allSettled([opening]);
      if (file.status === 'fulfilled') await file.value.close();
      if (!isKept) await rm(part, { force: true });
    },
  };
}
