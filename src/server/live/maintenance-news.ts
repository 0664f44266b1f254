// What connected computers are told of maintenance. Read once for an organization, and again when it was announced anew.
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { stillPlanned, type Maintenance, type MaintenanceMessage } from '#shared/sync/maintenance.ts';
import { MAINTENANCE_CHANNEL, readMaintenance } from '#server/admin/maintenance.ts';
import type { SqlDatabase } from '#server/store/database.ts';

type Send = (message: MaintenanceMessage) => void;

export interface MaintenanceNews {
  /** Tells at once what stands, and everything later. Answers how to stop. */
  follow(tenantId: string, send: Send): () => void;
  close(): Promise<void>;
}

export async function createMaintenanceNews(
  database: SqlDatabase,
  clock: Clock,
  onError: (error: unknown) => void,
): Promise<MaintenanceNews> {
  const known = new Map<string, Promise<Maintenance | null>>();
  const followers = new Map<string, Set<Send>>();

  function read(tenantId: string): Promise<Maintenance | null> {
    const reading = known.get(tenantId) ?? readMaintenance(database, tenantId as TenantId, clock.now());
    known.set(tenantId, reading);
    return reading;
  }

  function tell(tenantId: string, sends: Iterable<Send>): void {
    read(tenantId).then(
      (planned) => {
        for (const send of sends) send({ t: 'maintenance', planned: stillPlanned(planned, clock.now()) });
      },
      (error: unknown) => {
        known.delete(tenantId);
        onError(error);
      },
    );
  }

  const stop = await database.listen(MAINTENANCE_CHANNEL, (tenantId) => {
    // An empty message follows a lost connection to the database: anything may have changed meanwhile.
    const changed = tenantId === '' ? [...followers.keys()] : [tenantId];
    if (tenantId === '') known.clear();
    for (const id of changed) {
      known.delete(id);
      const sends = followers.get(id);
      if (sends !== undefined) tell(id, [...sends]);
    }
  });

  return {
    follow(tenantId, send) {
      const ofTenant = followers.get(tenantId) ?? new Set();
      followers.set(tenantId, ofTenant.add(send));
      tell(tenantId, [send]);
      return () => {
        ofTenant.delete(send);
        if (ofTenant.size > 0) return;
        followers.delete(tenantId);
        known.delete(tenantId);
      };
    },
    close: stop,
  };
}
