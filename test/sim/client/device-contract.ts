// What a device of the simulation is to its world, and what it needs of it.
import type { Journal } from '#main/journal/journal.ts';
import type { Engine } from '#main/sync/engine.ts';
import type { LocalDatabase } from '#renderer/data/database.ts';
import type { Applier } from '#renderer/data/apply.ts';
import type { Actor } from '#shared/access/actor.ts';
import type { HostRequest } from '#shared/ipc/host-request.ts';
import type { PullResponse } from '#shared/sync/messages.ts';
import type { Operation } from '#shared/sync/operation.ts';
import type { DatabaseFile } from '#test/sim/client/database-file.ts';
import type { Host } from '#test/sim/client/host.ts';
import type { JournalFile } from '#test/sim/client/journal-file.ts';
import type { Line } from '#test/sim/client/network.ts';
import type { FastRandom } from '#test/sim/kernel/fast-random.ts';
import type { Loop } from '#test/sim/kernel/loop.ts';
import type { Caller } from '#test/sim/server/server-process.ts';
import type { FaultRates } from '#test/sim/world/script.ts';
import type { Tally } from '#test/sim/world/tally.ts';

/** `wiped`: the server destroyed it; `signedOut`: the session ended, unsent work is kept; `lost`: stolen, never comes back. */
export type DeviceStatus = 'new' | 'running' | 'down' | 'signedOut' | 'wiped' | 'lost';

export interface DeviceDeps {
  readonly loop: Loop;
  readonly random: FastRandom;
  readonly line: Line;
  readonly faults: () => FaultRates;
  readonly tally: Tally;
  readonly pageItems: number;
  readonly tenantId: string;
  readonly userId: string;
  readonly createDeviceId: () => string;
  readonly onSaved: (device: Device, operations: readonly Operation[]) => void;
  readonly onApplied: (device: Device, request: HostRequest, hasJustOpened: boolean) => void;
  readonly onWiped: (device: Device, journal: JournalFile) => void;
  readonly wrapDatabase: (database: LocalDatabase, file: DatabaseFile) => LocalDatabase;
  readonly wrapApplier: (applier: Applier) => Applier;
  readonly wrapJournal: (journal: Journal, file: JournalFile) => Journal;
  readonly wrapPage: (page: PullResponse) => PullResponse;
  /** Planted: what a deactivated user's device does instead of wiping itself. */
  readonly ignoresWipe: boolean;
  /** Planted: unsent work goes with the cache. */
  readonly keepsWorkInCache: boolean;
}

export interface Device {
  readonly tenantId: string;
  readonly userId: string;
  /** As the server knows it; another one after a wipe. */
  readonly id: () => string;
  readonly status: () => DeviceStatus;
  readonly line: Line;
  readonly journalFile: () => JournalFile;
  readonly databaseFile: () => DatabaseFile;
  /** What is in memory; null while it does not run. */
  readonly running: () => { readonly host: Host; readonly journal: Journal; readonly engine: Engine } | null;
  /** Signs in when nobody is, starts when it is down. */
  start(): Promise<void>;
  crashApp(): void;
  crashHost(): void;
  loseCache(): void;
  /** The session is ended at the server and the computer is gone. */
  lose(): void;
  setLine(isUp: boolean): void;
  setWorkOffline(on: boolean): void;
  jumpClock(byMs: number): void;
  readonly actor: () => Actor | null;
  readonly caller: () => Caller;
}
