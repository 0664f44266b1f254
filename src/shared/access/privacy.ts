// Who may answer the requests of persons about their own data. Asked by the screen and by the server.
import type { Actor } from '#shared/access/actor.ts';

/** Everything about a person leaves in one file. */
export function mayExportPersons(actor: Actor): boolean {
  return actor.permissions.includes('org.export_data');
}

/** Erasing goes around ownership and cannot be undone: only who runs the organization may. */
export function mayErasePersons(actor: Actor): boolean {
  return actor.permissions.includes('org.configure_settings') && actor.permissions.includes('record.delete');
}
