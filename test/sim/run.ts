// `npm run sim -- --seeds N [--from S] [--once]`: plays the worlds of N seeds, each twice, and says what they contained.
// `npm run sim -- --zoo [NAME …]`: looks for every planted defect. `npm run sim -- --replay FILE`: plays a kept script.
// `npm run sim -- --twins --seeds N`: compares pairs of worlds that differ only in what somebody may not see (SYNC-23).
// A broken promise is shrunk to a small script and kept in test/sim/corpus, where `npm test` plays it for ever.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { shrink } from '#test/sim/shrink.ts';
import { compareTwins } from '#test/sim/twins/compare-twins.ts';
import { runScript, type Outcome } from '#test/sim/world/run-script.ts';
import { writeScript, type Script } from '#test/sim/world/script.ts';
import { addTally, createTally, describeTally } from '#test/sim/world/tally.ts';
import { allDefects } from '#test/sim/zoo/all-defects.ts';
import { leakDefects } from '#test/sim/zoo/leak-defects.ts';
import { hunt, huntLeak, ZOO_BUDGET } from '#test/sim/zoo/run-zoo.ts';

const corpus = path.join(import.meta.dirname, 'corpus');
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const fail = (text: string): void => {
  process.exitCode = 1;
  say(text);
};

/** Processor time of this program so far. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

async function keep(script: Script, violation: NonNullable<Outcome['violation']>): Promise<void> {
  const small = await shrink(script, violation);
  const file = path.join(corpus, `${violation.rule.toLowerCase()}-seed-${String(script.seed)}.json`);
  writeFileSync(file, `${JSON.stringify(small, null, 2)}\n`);
  say(`  shrunk to ${String(small.steps.length)} steps on ${String(small.devices.length)} devices; play it again with`);
  say(`  npm run sim -- --replay ${path.relative(process.cwd(), file)}`);
}

async function playSeeds(from: number, count: number, isTwice: boolean): Promise<void> {
  const sum = createTally();
  let events = 0;
  let broken = 0;
  for (let seed = from; seed < from + count; seed += 1) {
    const script = writeScript(seed);
    const outcome = await runScript(script);
    events += outcome.events;
    addTally(sum, outcome.tally);
    if (count <= 20)
      say(`seed ${String(seed)}: ${outcome.hash}, ${String(outcome.events)} events, ${describeTally(outcome.tally)}`);
    if (outcome.violation !== null) {
      broken += 1;
      fail(`seed ${String(seed)} broke ${outcome.violation.message}`);
      await keep(script, outcome.violation);
    }
    if (isTwice) {
      const again = await runScript(script);
      events += again.events;
      if (again.hash !== outcome.hash) fail(`seed ${String(seed)} is not the same twice`);
    }
    if ((seed - from + 1) % 1_000 === 0) say(`${String(seed - from + 1)} seeds, ${String(broken)} broke a promise`);
  }
  const perSecond = Math.round(events / cpuSeconds());
  say(`${String(count)} seeds, ${String(events)} events, ${String(perSecond)} a second of processor time`);
  say(`contained: ${describeTally(sum)}`);
  say(broken === 0 ? 'every promise was kept' : `${String(broken)} seeds broke a promise`);
}

async function playZoo(names: readonly string[], from: number): Promise<void> {
  const all = [
    ...allDefects.map((defect) => ({ defect, search: hunt })),
    ...leakDefects.map((defect) => ({ defect, search: huntLeak })),
  ];
  const wanted = all.filter(({ defect }) => names.length === 0 || names.includes(defect.name));
  let found = 0;
  for (const { defect, search } of wanted) {
    const { seeds, violation } = await search(defect, from, ZOO_BUDGET);
    if (violation === null) {
      fail(`missed ${defect.name} in ${String(seeds)} seeds: ${defect.story}`);
      continue;
    }
    found += 1;
    say(`found  ${defect.name} after ${String(seeds)} seeds by ${violation.rule}: ${defect.story}`);
  }
  say(`found ${String(found)} of ${String(wanted.length)}`);
}

async function playTwins(from: number, count: number): Promise<void> {
  let broken = 0;
  for (let seed = from; seed < from + count; seed += 1) {
    for (const hiddenWork of ['one', 'any'] as const) {
      const found = await compareTwins(seed, hiddenWork);
      if (found === null) continue;
      broken += 1;
      fail(`seed ${String(seed)} broke SYNC-23 at answer ${String(found.index)}:\n  ${found.left}\n  ${found.right}`);
    }
  }
  say(`${String(count * 2)} pairs of worlds, ${String(broken)} could be told apart`);
}

async function replay(file: string): Promise<void> {
  const outcome = await runScript(JSON.parse(readFileSync(file, 'utf8')) as Script);
  say(`${outcome.hash}, ${String(outcome.events)} events, ${describeTally(outcome.tally)}`);
  if (outcome.violation === null) say('every promise was kept');
  else fail(`broke ${outcome.violation.message}`);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    once: { type: 'boolean', default: false },
    zoo: { type: 'boolean', default: false },
    twins: { type: 'boolean', default: false },
    replay: { type: 'string' },
  },
});
const from = Number(values.from);
if (values.replay !== undefined) await replay(values.replay);
else if (values.zoo) await playZoo(positionals, from);
else if (values.twins) await playTwins(from, Number(values.seeds));
else await playSeeds(from, Number(values.seeds), !values.once);
