// Runs a command of the operator: in this process when nobody else has the database, otherwise through the server that has.
import { OutpostError } from '#shared/kernel/errors.ts';
import { findAdminDoor } from '#server/admin/admin-channel.ts';
import { createAdminWork, type AdminWork } from '#server/admin/admin-work.ts';
import { askAdminChannel } from '#server/admin/ask-admin-channel.ts';
import type { DatabaseLocation, SqlDatabase } from '#server/store/database.ts';
import { openDatabase } from '#server/store/open-database.ts';
import { createPasswords } from '#server/identity/passwords.ts';
import { createPlatformWork } from '#server/platform/platform-work.ts';
import { systemClock, systemRandom } from '#server/system-ports.ts';

/** @throws OutpostError `directory_in_use` when the process that has the directory is no server of this release. */
export async function withAdminWork<Value>(
  location: DatabaseLocation,
  command: (work: AdminWork) => Promise<Value>,
): Promise<Value> {
  let database: SqlDatabase;
  try {
    database = await openDatabase(location);
  } catch (error) {
    const isInUse = error instanceof OutpostError && error.code === 'directory_in_use';
    const door = isInUse && 'dataDir' in location ? findAdminDoor(location.dataDir) : null;
    if (door === null) throw error;
    return command(askAdminChannel(door));
  }
  try {
    const context = { database, clock: systemClock, random: systemRandom, passwords: createPasswords() };
    return await command(createAdminWork(database, systemClock, createPlatformWork(context)));
  } finally {
    await database.close();
  }
}
