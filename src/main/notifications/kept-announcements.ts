// What this computer has told outside its windows, over a restart: keys and moments, sealed with a key of the profile.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createSealer } from '#main/journal/seal.ts';
import { writeFileAtomically } from '#main/secrets/write-file-atomically.ts';

export interface KeptAnnouncements {
  /** Oldest first; none when there is nothing that this profile sealed. */
  read(): readonly (readonly [key: string, cameAt: string])[];
  write(told: readonly (readonly [key: string, cameAt: string])[]): void;
}

/** Another way of keeping them has another place: a file of it is then none. */
const PLACE = 'announcements 1';

export function openKeptAnnouncements(profile: {
  readonly directory: string;
  readonly filesKey: Uint8Array;
}): KeptAnnouncements {
  const file = path.join(profile.directory, 'announced.sealed');
  const sealer = createSealer(profile.filesKey, 'announcements');
  return {
    read() {
      if (!existsSync(file)) return [];
      const kept = sealer.open(PLACE, readFileSync(file));
      return Array.isArray(kept) ? (kept as [string, string][]) : [];
    },
    write: (told) => writeFileAtomically(file, sealer.seal(PLACE, told)),
  };
}
