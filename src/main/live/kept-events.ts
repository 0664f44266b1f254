// Events of a profile over a restart: the newest ones, sealed with a key of the profile, in a file that goes with it.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { LiveEvent } from '#shared/live/live-events.ts';
import { createSealer } from '#main/journal/seal.ts';
import { writeFileAtomically } from '#main/secrets/write-file-atomically.ts';

export interface KeptEvents {
  /** Newest first; none when there is nothing that this profile sealed. */
  read(): readonly LiveEvent[];
  /** On the disk when it returns. */
  write(events: readonly LiveEvent[]): void;
}

/** Another way of keeping them has another place: a file of it is then none. */
const PLACE = 'events 1';

export function openKeptEvents(profile: { readonly directory: string; readonly filesKey: Uint8Array }): KeptEvents {
  const file = path.join(profile.directory, 'events.sealed');
  const sealer = createSealer(profile.filesKey, 'events');
  return {
    read() {
      if (!existsSync(file)) return [];
      const kept = sealer.open(PLACE, readFileSync(file));
      return Array.isArray(kept) ? (kept as LiveEvent[]) : [];
    },
    write: (events) => writeFileAtomically(file, sealer.seal(PLACE, events)),
  };
}
