// How fast the simulation goes: events of its queue in a second of processor time, with every check it makes. An event is
// what the queue runs: a message that arrives, a call to a store that comes back, a timer, a step of a person, a crash.
import { runScript } from '#test/sim/world/run-script.ts';
import { writeScript } from '#test/sim/world/script.ts';
import type { Figure, Measured } from '#test/bench/figure.ts';

const WARM_UP_SEEDS = 100;
const SEEDS = 300;

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

async function playSeeds(from: number, count: number): Promise<{ readonly events: number; readonly broken: number }> {
  let events = 0;
  let broken = 0;
  for (let seed = from; seed < from + count; seed += 1) {
    const outcome = await runScript(writeScript(seed));
    events += outcome.events;
    if (outcome.violation !== null) broken += 1;
  }
  return { events, broken };
}

export const simEvents: Figure = {
  name: 'sim-events',
  unit: 'events/s',
  target: { is: '>=', limit: 100_000 },
  async measure(): Promise<Measured> {
    await playSeeds(1, WARM_UP_SEEDS);
    const before = cpuSeconds();
    const { events, broken } = await playSeeds(1 + WARM_UP_SEEDS, SEEDS);
    const seconds = cpuSeconds() - before;
    const perSeed = `${String(Math.round(events / SEEDS))} events and ${((seconds / SEEDS) * 1000).toFixed(0)} ms a seed`;
    return {
      value: events / seconds,
      notes: [`${perSeed}, ${String(broken)} of ${String(SEEDS)} seeds broke a promise`],
    };
  },
};
