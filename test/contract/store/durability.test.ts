import fs, { mkdtempSync, rmSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { expect, it } from 'vitest';
import { DurableNodeFs, durableStartParameters } from '#server/store/pglite-durable-fs.ts';

it('SYNC-3 every committed transaction of PGlite reaches fsync before it is answered', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'outpost-durable-'));
  const original = fs.fsyncSync;
  let syncs = 0;
  fs.fsyncSync = (handle) => {
    syncs += 1;
    original(handle);
  };
  syncBuiltinESMExports();
  try {
    const db = await PGlite.create({ fs: new DurableNodeFs(directory), startParams: durableStartParameters() });
    await db.exec('CREATE TABLE note (id int PRIMARY KEY)');
    for (let id = 0; id < 20; id += 1) {
      const before = syncs;
      await db.query('INSERT INTO note VALUES ($1)', [id]);
      expect(syncs).toBeGreaterThan(before);
    }
    await db.close();
  } finally {
    fs.fsyncSync = original;
    syncBuiltinESMExports();
    rmSync(directory, { recursive: true, force: true });
  }
});
