// Plays a script to its end: the world is built, everything in the script happens, then the faults stop, everybody meets the
// server once more, and what is left must be right. Answers what happened, and the first promise that was broken.
import { createHash } from 'node:crypto';
import type { Device } from '#test/sim/client/device-contract.ts';
import { describeTenant } from '#test/sim/server/model-tenant.ts';
import { buildWorld, type World } from '#test/sim/world/build-world.ts';
import { createPlayer } from '#test/sim/world/play-step.ts';
import { STRANGE, type Broken } from '#test/sim/world/referee.ts';
import { noFaults, type Script } from '#test/sim/world/script.ts';
import { STARTED_AT_MS } from '#test/sim/world/seed-records.ts';
import type { Tally } from '#test/sim/world/tally.ts';
import { noDefect, type Defect } from '#test/sim/zoo/defect.ts';

/** Time for everybody to meet the server once more and to exchange what is left. */
const HEALING_MS = 15 * 60_000;
const LOOK_MS = 2_000;

export interface Outcome {
  /** Null: every promise was kept. */
  readonly violation: Broken | null;
  readonly tally: Tally;
  readonly events: number;
  /** The same for the same script, for ever. */
  readonly hash: string;
}

/** Refusals are ordinary here, and the stack of each would cost as much as what refuses. */
const QUIET_STACK = 0;

/** Plays it; once more with stacks when something nobody expected was thrown. */
export async function runScript(script: Script, defect: Defect = noDefect): Promise<Outcome> {
  const usual = Error.stackTraceLimit;
  try {
    Error.stackTraceLimit = QUIET_STACK;
    const outcome = await play(script, defect);
    if (outcome.violation?.rule !== STRANGE) return outcome;
    Error.stackTraceLimit = usual;
    return await play(script, defect);
  } finally {
    Error.stackTraceLimit = usual;
  }
}

async function play(script: Script, defect: Defect): Promise<Outcome> {
  const world = await buildWorld(script, defect);
  const { loop, referee, tally } = world;
  const playStep = createPlayer(world);
  for (const step of script.steps) {
    loop.after(step.atMs, () => {
      try {
        playStep(step);
      } catch (error) {
        referee.report(error);
      }
    });
  }
  await loop.runUntil(STARTED_AT_MS + script.durationMs);
  if (referee.broken() === null) await heal(world);
  referee.watch(() => referee.device.watchEnd(world.devices));
  return { violation: referee.broken(), tally, events: loop.count(), hash: hashOf(world) };
}

/** The faults stop, every device comes back, and nothing keeps them from each other. */
async function heal(world: World): Promise<void> {
  const { devices, loop } = world;
  world.faults = noFaults;
  for (const device of devices) {
    if (device.status() === 'lost') continue;
    device.setLine(true);
    device.setWorkOffline(false);
  }
  const endMs = loop.clock.now() + HEALING_MS;
  // Twice: what the first round leaves may be news for somebody who was done before.
  for (let round = 0; round < 2 && loop.clock.now() < endMs; round += 1) {
    for (const device of devices) device.running()?.engine.syncNow();
    await untilSettled(world, endMs);
  }
}

async function untilSettled(world: World, endMs: number): Promise<void> {
  const { devices, loop, referee } = world;
  let isSettled = false;
  const look = (): void => {
    isSettled = devices.every((device) => isAtRest(world, device));
    if (isSettled) return;
    for (const device of devices) void device.start().catch(referee.report);
    loop.after(LOOK_MS, look);
  };
  loop.after(LOOK_MS, look);
  await loop.runUntil(endMs, () => isSettled);
}

/** Nothing to send, nothing to ask, as far as the device knows. */
function isAtRest({ referee }: World, device: Device): boolean {
  const status = device.running()?.engine.status();
  if (status !== undefined) return status.phase === 'idle' && status.pendingCount === 0;
  const history = referee.historyOf(device.tenantId);
  return device.status() === 'lost' || !history.rightsAt(device.userId, history.head).isActive;
}

function hashOf({ store, devices, loop, tally, referee }: World): string {
  const hash = createHash('sha256');
  for (const tenant of store.tenants.values()) hash.update(describeTenant(tenant));
  for (const device of devices) {
    const { history, attention } = device.journalFile();
    hash.update(JSON.stringify([device.status(), ...history.keys(), ...attention.keys()]));
    for (const [coll, records] of device.databaseFile().stored) hash.update(JSON.stringify([coll, ...records]));
  }
  hash.update(JSON.stringify([loop.count(), tally, referee.broken()]));
  return hash.digest('hex').slice(0, 16);
}
