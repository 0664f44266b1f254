// Makes a failing script small: fewer steps, fewer devices, fewer faults, as long as the same promise is broken. What is
// left is short enough to be read, and is kept to be run for ever.
import { runScript, type Outcome } from '#test/sim/world/run-script.ts';
import type { FaultName, Script } from '#test/sim/world/script.ts';

type Broken = NonNullable<Outcome['violation']>;

interface Candidate {
  readonly script: Script;
  readonly isSmaller: boolean;
}

async function breaks(script: Script, rule: string): Promise<boolean> {
  return (await runScript(script)).violation?.rule === rule;
}

/** Without a part of its steps. */
function withoutSteps(script: Script, from: number, count: number): Candidate {
  const steps = script.steps.filter((_, index) => index < from || index >= from + count);
  return { script: { ...script, steps }, isSmaller: steps.length < script.steps.length };
}

/** Without one device: those after it move up, and so do their steps. */
function withoutDevice(script: Script, gone: number): Candidate {
  const devices = script.devices.filter((_, index) => index !== gone);
  const steps = script.steps
    .filter((step) => step.device !== gone)
    .map((step) => (step.device > gone ? { ...step, device: step.device - 1 } : step));
  return { script: { ...script, devices, steps }, isSmaller: devices.length > 0 };
}

function withoutFault(script: Script, name: FaultName): Candidate {
  return { script: { ...script, faults: { ...script.faults, [name]: 0 } }, isSmaller: script.faults[name] > 0 };
}

function* candidates(script: Script): Generator<Candidate> {
  for (let count = script.steps.length >> 1; count >= 1; count >>= 1)
    for (let from = 0; from < script.steps.length; from += count) yield withoutSteps(script, from, count);
  for (let index = script.devices.length - 1; index >= 0; index -= 1) yield withoutDevice(script, index);
  for (const name of Object.keys(script.faults) as FaultName[]) yield withoutFault(script, name);
  yield { script: { ...script, processes: 1 }, isSmaller: script.processes > 1 };
  const last = script.tenants.length - 1;
  const isIdle = script.devices.every((device) => device.tenant !== last);
  yield { script: { ...script, tenants: script.tenants.slice(0, -1) }, isSmaller: isIdle };
}

/** The smallest script found that breaks the same promise, within a number of runs. */
export async function shrink(script: Script, broken: Broken, mostRuns = 600): Promise<Script> {
  let smallest = script;
  let runs = 0;
  for (let hasShrunk = true; hasShrunk && runs < mostRuns;) {
    hasShrunk = false;
    for (const { script: candidate, isSmaller } of candidates(smallest)) {
      if (runs >= mostRuns) break;
      if (!isSmaller) continue;
      runs += 1;
      if (!(await breaks(candidate, broken.rule))) continue;
      smallest = candidate;
      hasShrunk = true;
      break;
    }
  }
  return smallest;
}
