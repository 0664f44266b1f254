// A file for another program: a readable copy in a folder of its own that only this user can enter, for as long as the profile
// is open and the file may be here. Everything in that folder goes at the start, at the end, and with the file.
import { randomBytes } from 'node:crypto';
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { countChunks } from '#shared/files/file-limits.ts';
import { cleanFileName } from '#shared/files/file-name.ts';
import { findOpenRefusal } from '#shared/files/file-policy.ts';
import { sniffType } from '#shared/files/sniff-type.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { BlobStore } from '#main/files/blob-store.ts';
import type { FileEntry } from '#main/files/file-index.ts';

export interface FileOpener {
  /** Throws `action_forbidden` with the reason for what is not handed to other programs. */
  open(entry: FileEntry, blobs: BlobStore): Promise<void>;
  forget(ids: readonly string[]): void;
  forgetAll(): void;
}

export const OPEN_FOLDER = 'open';

/** `openPath` answers why it did not work, or an empty text. */
export function createFileOpener(folder: string, openPath: (file: string) => Promise<string>): FileOpener {
  const placeOf = new Map<string, string>();
  rmSync(folder, { recursive: true, force: true });

  function write(entry: FileEntry, blobs: BlobStore): string {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const place = path.join(folder, randomBytes(16).toString('hex'));
    mkdirSync(place, { mode: 0o700 });
    placeOf.set(entry.fileId, place);
    const file = path.join(place, cleanFileName(entry.name));
    const handle = openSync(file, 'wx', 0o600);
    try {
      for (let index = 0; index < countChunks(entry.sizeBytes); index += 1) {
        const bytes = blobs.read(entry, index);
        let written = 0;
        while (written < bytes.length) written += writeSync(handle, bytes, written);
      }
    } finally {
      closeSync(handle);
    }
    // A program that saves into it would save into something that goes.
    chmodSync(file, 0o400);
    return file;
  }

  return {
    async open(entry, blobs) {
      // By what lies here, not by what a record says.
      const reason = findOpenRefusal(entry.name, sniffType(blobs.read(entry, 0)));
      if (reason !== null) {
        throw new OutpostError(
          'action_forbidden',
          'Outpost does not open files that a computer would run. Save it first.',
          {
            reason: `open.${reason}`,
          },
        );
      }
      const known = placeOf.get(entry.fileId);
      const before = known === undefined ? null : path.join(known, cleanFileName(entry.name));
      const file = before !== null && existsSync(before) ? before : write(entry, blobs);
      const problem = await openPath(file);
      if (problem !== '')
        throw new OutpostError('not_found', 'No program on this computer opens this file.', {
          reason: 'open.noProgram',
        });
    },
    forget(ids) {
      for (const id of ids) {
        const place = placeOf.get(id);
        if (place === undefined) continue;
        placeOf.delete(id);
        rmSync(place, { recursive: true, force: true });
      }
    },
    forgetAll() {
      placeOf.clear();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
