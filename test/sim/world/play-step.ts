// One step of a script: somebody types, a line is cut, a computer or a server dies, a clock jumps, somebody tries a position
// that is not theirs.
import { createIdFactory } from '#shared/kernel/ids.ts';
import { toErrorData } from '#shared/kernel/errors.ts';
import type { Device } from '#test/sim/client/device-contract.ts';
import { putBack, takeBackup, type Backup } from '#test/sim/server/model-backup.ts';
import type { Caller } from '#test/sim/server/server-process.ts';
import { peopleRandom, type World } from '#test/sim/world/build-world.ts';
import { doStep, isTyped, type PeopleDeps } from '#test/sim/world/people.ts';
import type { Step, StepKind } from '#test/sim/world/script.ts';

const MOST_DEVICES = 14;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

interface Position {
  readonly caller: Caller;
  readonly token: string;
}

type Play = (world: World, device: Device, step: Step) => void;

const forwardOrBack = (step: Step, mostMs: number): number => (step.pick % 2 === 0 ? 1 : -1) * (step.more % mostMs);

/** What happens to devices and servers; everything else is typed. */
const plays: Partial<Record<StepKind, Play>> = {
  goOffline: (_world, device) => device.setLine(false),
  goOnline(world, device) {
    device.setLine(true);
    device.setWorkOffline(false);
    void device.start().catch(world.referee.report);
  },
  workOffline: (_world, device) => device.setWorkOffline(true),
  crashApp: (_world, device) => device.crashApp(),
  crashHost: (_world, device) => device.crashHost(),
  loseCache: (_world, device) => device.loseCache(),
  clock: (_world, device, step) => device.jumpClock(forwardOrBack(step, 10 * DAY_MS)),
  addDevice(world, device) {
    if (world.devices.length >= MOST_DEVICES) return;
    const tenant = world.script.tenants.findIndex(({ id }) => id === device.tenantId);
    void world.addDevice(tenant, device.userId).start().catch(world.referee.report);
  },
  loseDevice(world, device, step) {
    if (device.userId === 'ada' || step.pick % 3 > 0) return;
    world.revoked.add(device.id());
    device.lose();
  },
  syncNow: (_world, device) => device.running()?.engine.syncNow(),
  crashServer: ({ processes }, _device, step) => processes[step.pick % processes.length]?.crash(),
  serverClock(world, _device, step) {
    world.serverOffsetMs += forwardOrBack(step, 2 * HOUR_MS);
  },
  collectLog({ store }, { tenantId }, step) {
    const head = store.tenants.get(tenantId)?.head;
    if (head !== undefined) store.collectLog(tenantId, head.minSeq + (step.pick % (head.seq - head.minSeq + 1)));
  },
  backup(world, _device, step) {
    if (world.backup === null || step.pick % 3 === 0) world.backup = takeBackup(world.store.tenants);
    else restore(world, world.backup);
  },
  foreignToken(world, device, step) {
    const { token } = device.databaseFile().position;
    const other = world.devices[step.pick % world.devices.length];
    if (other !== undefined && other !== device && token !== null) askWith(world, { caller: other.caller(), token });
  },
};

/** The servers go down, everything stands as in the backup, and they come back. */
function restore(world: World, backup: Backup): void {
  const { store, processes, referee, tally } = world;
  for (const process of processes) process.crash();
  store.rollBackDead();
  const nowMs = world.loop.clock.now() + world.serverOffsetMs;
  for (const tenant of store.tenants.values()) {
    putBack(tenant, backup, world.life, nowMs);
    referee.watch(() => referee.onRestored(tenant, world.devices));
  }
  world.life += 1;
  tally.restores += 1;
}

/** Asks without a device: whatever comes back is watched, refusals are what is expected. */
function askWith({ processes }: World, { caller, token }: Position): void {
  const body = { protocol: 1, token, wantItems: 50 };
  processes[0]?.handle(caller, { kind: 'pull', body }).catch((error: unknown) => toErrorData(error));
}

/** Answers what plays steps in this world. */
export function createPlayer(world: World): (step: Step) => void {
  const { referee, script } = world;
  const kept: Position[] = [];
  let minted = 0;
  const people: PeopleDeps = {
    mint: (tenantId) => `~${tenantId}:${String((minted += 1))}~`,
    createId: createIdFactory(world.loop.clock, peopleRandom(script)),
    anyId(pick, coll = '') {
      const all = [...referee.server.histories.values()].flatMap((history) => [...history.versions.keys()]);
      const places = all.filter((place) => place.startsWith(coll));
      const place = places[pick % Math.max(1, places.length)] ?? 'accounts/none';
      return place.slice(place.indexOf('/') + 1);
    },
    onStrange: referee.report,
  };

  /** A position that was kept for a while, maybe of rights that are over. */
  function askWithOld(device: Device, step: Step): void {
    const { token } = device.databaseFile().position;
    if (token !== null) kept.push({ caller: device.caller(), token });
    const old = kept[step.pick % Math.max(1, kept.length)];
    if (old !== undefined) askWith(world, old);
  }

  return (step) => {
    const device = world.devices[step.device % world.devices.length];
    if (device === undefined) return;
    if (isTyped(step.kind)) doStep(people, device, step);
    else if (step.kind === 'oldEpoch') askWithOld(device, step);
    else plays[step.kind]?.(world, device, step);
  };
}
