// A server process: recognises who calls, runs the product's pull and push on the store, and tells connected devices that
// something may have changed. It can die at every call to the store and comes back a little later without a memory.
import type { Actor } from '#shared/access/actor.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { CreateId, TenantId, UserId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type { BodiesRequest, ManifestRequest, PullRequest, PushRequest } from '#shared/sync/messages.ts';
import { isConcerned, watchedKeysOf, type Touched, type WatchedKeys } from '#server/live/watched-keys.ts';
import { SqlError } from '#server/store/sql-error.ts';
import { bodiesJson } from '#server/sync/bodies.ts';
import { manifestPage } from '#server/sync/manifest.ts';
import { pullPageJson } from '#server/sync/pull.ts';
import { pushOperationsJson, type SyncDependencies } from '#server/sync/push.ts';
import type { SyncStore } from '#server/sync/sync-store.ts';
import type { FastRandom } from '#test/sim/kernel/fast-random.ts';
import type { Loop } from '#test/sim/kernel/loop.ts';
import type { CallPort, ModelStore, Quirks } from '#test/sim/server/model-store.ts';
import type { FaultRates } from '#test/sim/world/script.ts';
import type { Tally } from '#test/sim/world/tally.ts';

/** Who calls, as an access token says it. */
export interface Caller {
  readonly tenantId: string;
  readonly userId: string;
  readonly deviceId: string;
}

export type ServerRequest =
  | { readonly kind: 'pull'; readonly body: PullRequest }
  | { readonly kind: 'push'; readonly body: PushRequest }
  | { readonly kind: 'manifest'; readonly body: ManifestRequest }
  | { readonly kind: 'bodies'; readonly body: BodiesRequest }
  | { readonly kind: 'refresh' };

export interface Answer {
  readonly text: string;
  readonly actor: Actor;
}

export interface Connection {
  readonly caller: Caller;
  readonly onPoke: () => void;
  readonly onClose: (wasEnded: boolean) => void;
}

export interface ServerProcess {
  /** Settles with the answer; never when the process dies meanwhile. */
  handle(caller: Caller, request: ServerRequest): Promise<Answer>;
  connect(connection: Connection): Promise<boolean>;
  disconnect(connection: Connection): void;
  /** What a commit somewhere touched. */
  noteChange(tenantId: string, touched: Touched): void;
  noteEpoch(tenantId: string, userId: string, isActive: boolean): void;
  crash(): void;
  readonly isUp: () => boolean;
}

export interface ProcessDeps {
  readonly loop: Loop;
  readonly clock: Clock;
  readonly random: FastRandom;
  readonly store: ModelStore;
  readonly faults: () => FaultRates;
  readonly tally: Tally;
  readonly createId: CreateId;
  readonly isRevoked: (caller: Caller) => boolean;
  /** Stands between the product and the model, for planted defects. */
  readonly wrapStore: (store: SyncStore, caller: Caller) => SyncStore;
  /** The store is another one for every caller. */
  readonly needsCaller: boolean;
  readonly quirks: Quirks;
}

const RESTART_MS = 400;
/** One of its own for everybody: whoever waits for a shared one is kept in memory with it, world after world. */
const never = (): Promise<never> => new Promise(() => undefined);

async function answer(
  dependencies: SyncDependencies,
  actor: Actor,
  deviceId: string,
  request: ServerRequest,
): Promise<string> {
  switch (request.kind) {
    case 'refresh':
      return '';
    case 'pull':
      return pullPageJson(dependencies, actor, deviceId, request.body);
    case 'push':
      return pushOperationsJson(dependencies, actor, deviceId, request.body);
    case 'manifest':
      return JSON.stringify(await manifestPage(dependencies, actor, deviceId, request.body));
    case 'bodies':
      return bodiesJson(dependencies, actor, request.body);
  }
}

export function createServerProcess(deps: ProcessDeps): ServerProcess {
  const { loop, random, tally } = deps;
  const connections = new Map<Connection, WatchedKeys>();
  let life = 0;
  let isUp = true;
  let shared: { readonly life: number; readonly dependencies: SyncDependencies } | null = null;

  function crash(): void {
    if (!isUp) return;
    isUp = false;
    life += 1;
    tally.serverCrashes += 1;
    deps.store.rollBackDead();
    for (const connection of connections.keys()) loop.after(random.integer(1, 50), () => connection.onClose(false));
    connections.clear();
    loop.after(RESTART_MS + random.integer(0, 2_000), () => {
      isUp = true;
    });
  }

  /** What a life of the process has to do with the store. */
  function createPort(): CallPort {
    const bornIn = life;
    return {
      isAlive: () => isUp && bornIn === life,
      before(call) {
        if (!isUp || bornIn !== life) return never();
        const faults = deps.faults();
        if (random.chance(faults.serverDiesInCall)) {
          crash();
          return never();
        }
        if (call !== 'committed' && random.chance(faults.storeAborts)) {
          tally.aborts += 1;
          throw new SqlError({ message: 'could not serialize access', code: '40001', detail: '', constraint: '' });
        }
        if (!random.chance(faults.slowStore)) return null;
        return new Promise((resolve) => {
          loop.after(random.integer(0, 3), () => {
            // What waits in a process that died is gone with it.
            if (isUp && bornIn === life) resolve();
          });
        });
      },
    };
  }

  /** One for all requests of a life of the process, so that pushes that wait can go together; one each for a defect. */
  function dependenciesOf(caller: Caller): SyncDependencies {
    const known = shared?.life === life ? shared.dependencies : null;
    if (known !== null && !deps.needsCaller) return known;
    const store = deps.wrapStore(deps.store.openFor(createPort(), deps.quirks), caller);
    const dependencies = { store, clock: deps.clock, createId: deps.createId };
    shared = { life, dependencies };
    return dependencies;
  }

  async function recognise(store: SyncStore, { tenantId, userId, deviceId }: Caller): Promise<Actor> {
    if (deps.isRevoked({ tenantId, userId, deviceId }))
      throw new OutpostError('session_revoked', 'This session was ended.');
    const loaded = await store.inTenant(tenantId as TenantId, (transaction) => transaction.readActor(userId as UserId));
    if (loaded === null) throw new OutpostError('account_deactivated', 'Your account was deactivated.');
    return loaded.actor;
  }

  async function handle(caller: Caller, request: ServerRequest): Promise<Answer> {
    if (!isUp) throw new OutpostError('server_unreachable', 'The server cannot be reached.');
    const bornIn = life;
    const dependencies = dependenciesOf(caller);
    try {
      const actor = await recognise(dependencies.store, caller);
      // What waits in a process that died is gone with it.
      if (bornIn !== life) return await never();
      return { text: await answer(dependencies, actor, caller.deviceId, request), actor };
    } catch (error) {
      // As the server answers what it does not know: try again later.
      if (error instanceof SqlError) throw new OutpostError('server_busy', 'The server is busy.');
      throw error;
    }
  }

  async function refreshKeys(connection: Connection): Promise<void> {
    const { tenantId, userId } = connection.caller;
    const row = deps.store.tenants.get(tenantId);
    const port = { before: () => null, isAlive: () => true };
    const loaded =
      row === undefined
        ? null
        : await deps.store
            .openFor(port)
            .inTenant(tenantId as TenantId, (transaction) => transaction.readActor(userId as UserId));
    if (!connections.has(connection)) return;
    if (loaded === null) {
      connections.delete(connection);
      connection.onClose(true);
    } else {
      connections.set(connection, watchedKeysOf(loaded.actor));
      connection.onPoke();
    }
  }

  return {
    handle,
    async connect(connection) {
      if (!isUp || deps.isRevoked(connection.caller)) return false;
      for (const other of connections.keys())
        if (other.caller.deviceId === connection.caller.deviceId) connections.delete(other);
      connections.set(connection, { all: false, keys: new Set() });
      await refreshKeys(connection);
      return connections.has(connection);
    },
    disconnect: (connection) => {
      connections.delete(connection);
    },
    noteChange(tenantId, touched) {
      for (const [connection, watched] of connections) {
        if (connection.caller.tenantId !== tenantId) continue;
        if (isConcerned(watched, touched)) connection.onPoke();
      }
    },
    noteEpoch(tenantId, userId, isActive) {
      for (const connection of connections.keys()) {
        if (connection.caller.tenantId !== tenantId || connection.caller.userId !== userId) continue;
        if (isActive) void refreshKeys(connection);
        else {
          connections.delete(connection);
          connection.onClose(true);
        }
      }
    },
    crash,
    isUp: () => isUp,
  };
}
