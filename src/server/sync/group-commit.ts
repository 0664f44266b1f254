// Work of many that must take turns anyway: whoever comes while a group is under way waits, and everybody who waits
// goes together in the next one. Nobody waits longer than for the group before, and a crowd costs one turn.

export type Settled<Outcome> =
  | { readonly ok: true; readonly value: Outcome }
  | { readonly ok: false; readonly error: unknown };

export interface GroupCommit<Item, Outcome> {
  /** Does the work of a group; answers each item, in order. When it fails, every item of the group fails with it. */
  readonly run: (items: readonly Item[]) => Promise<readonly Settled<Outcome>[]>;
  /** May this one join those that were chosen before it? What may not waits for a later group. */
  readonly fits: (chosen: readonly Item[], next: Item) => boolean;
}

interface Waiting<Item, Outcome> {
  readonly item: Item;
  readonly settle: (outcome: Settled<Outcome>) => void;
}

/** A function that gives one item to the next group and answers its own outcome. */
export function createGroupCommit<Item, Outcome>({
  run,
  fits,
}: GroupCommit<Item, Outcome>): (item: Item) => Promise<Outcome> {
  let waiting: Waiting<Item, Outcome>[] = [];
  let isRunning = false;

  function takeGroup(): readonly Waiting<Item, Outcome>[] {
    const chosen: Waiting<Item, Outcome>[] = [];
    const left: Waiting<Item, Outcome>[] = [];
    for (const entry of waiting) {
      const items = chosen.map(({ item }) => item);
      if (chosen.length === 0 || fits(items, entry.item)) chosen.push(entry);
      else left.push(entry);
    }
    waiting = left;
    return chosen;
  }

  async function settleGroup(group: readonly Waiting<Item, Outcome>[]): Promise<void> {
    try {
      const outcomes = await run(group.map(({ item }) => item));
      for (const [index, entry] of group.entries()) {
        const missing = { ok: false, error: new Error('A group left one of its items without an answer.') } as const;
        entry.settle(outcomes[index] ?? missing);
      }
    } catch (error) {
      for (const entry of group) entry.settle({ ok: false, error });
    }
  }

  async function runAll(): Promise<void> {
    isRunning = true;
    while (waiting.length > 0) await settleGroup(takeGroup());
    isRunning = false;
  }

  return (item) =>
    new Promise<Outcome>((resolve, reject) => {
      waiting.push({
        item,
        settle: (outcome) => {
          if (outcome.ok) resolve(outcome.value);
          else reject(outcome.error);
        },
      });
      if (!isRunning) void runAll();
    });
}
