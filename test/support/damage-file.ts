// Damage as disks and crashes leave it: bytes of a file are others than were written.
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

export const damages = ['head', 'middle', 'cut', 'emptied'] as const;
export type Damage = (typeof damages)[number];

/** Of a database that is closed. */
export function damageFile(path: string, damage: Damage): void {
  const db = new DatabaseSync(path);
  // Everything lies in the file itself.
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
  const file = openSync(path, 'r+');
  try {
    const { size } = fstatSync(file);
    const head = Buffer.alloc(100);
    readSync(file, head, 0, head.length, 0);
    const pageBytes = head.readUInt16BE(16) === 1 ? 65_536 : head.readUInt16BE(16);
    if (damage === 'head') writeSync(file, Buffer.alloc(100, 0xa5), 0, 100, 0);
    else if (damage === 'cut') ftruncateSync(file, Math.floor(size / 2 / pageBytes) * pageBytes + 77);
    else if (damage === 'emptied') ftruncateSync(file, 0);
    else {
      const pages = size / pageBytes;
      for (let page = Math.floor(pages / 2); page < Math.floor(pages / 2) + 3; page += 1)
        writeSync(file, Buffer.alloc(pageBytes, 0xa5), 0, pageBytes, page * pageBytes);
    }
  } finally {
    closeSync(file);
  }
}
