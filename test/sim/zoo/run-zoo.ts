// Tests of the tests: every planted defect is looked for from fresh seeds until a promise is broken, within a budget.
import { compareTwins, playTwinOnModel } from '#test/sim/twins/compare-twins.ts';
import { runScript, type Outcome } from '#test/sim/world/run-script.ts';
import { writeScript } from '#test/sim/world/script.ts';
import type { Defect } from '#test/sim/zoo/defect.ts';

/** Seeds that may be spent on one defect. */
export const ZOO_BUDGET = 2_000;

export interface Hunt {
  readonly defect: Defect;
  /** Seeds it took, or all of the budget. */
  readonly seeds: number;
  /** Null: it was not found. */
  readonly violation: Outcome['violation'];
}

/** Looks for a defect that only two worlds side by side show. */
export async function huntLeak(defect: Defect, from: number, budget: number): Promise<Hunt> {
  for (let seeds = 1; seeds <= budget; seeds += 1) {
    for (const hiddenWork of ['one', 'any'] as const) {
      const seed = from + seeds - 1;
      const found = await compareTwins(seed, hiddenWork, (script) => playTwinOnModel(script, defect));
      if (found === null) continue;
      const message = `SYNC-23: answer ${String(found.index)} is ${found.left} in one world and ${found.right} in the other`;
      return { defect, seeds, violation: { rule: 'SYNC-23', message } };
    }
  }
  return { defect, seeds: budget, violation: null };
}

export async function hunt(defect: Defect, from: number, budget: number): Promise<Hunt> {
  for (let seeds = 1; seeds <= budget; seeds += 1) {
    const { violation } = await runScript(writeScript(from + seeds - 1), defect);
    if (violation !== null) return { defect, seeds, violation };
  }
  return { defect, seeds: budget, violation: null };
}
