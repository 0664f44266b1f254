// One thread, one queue, a time of its own. Every event runs to its end, with all promises it settles, before the next one
// begins; two events of the same instant run in the order they were planned. So a run is a function of its script.
import type { Clock, Scheduler } from '#shared/kernel/ports.ts';

export interface Loop extends Scheduler {
  readonly clock: Clock;
  /** Events run so far. */
  readonly count: () => number;
  /** Runs events until the time is over, nothing is left, or the condition holds after an event. */
  runUntil(endMs: number, isDone?: () => boolean): Promise<void>;
  /** No further event runs. */
  stop(): void;
}

interface Planned {
  readonly atMs: number;
  readonly order: number;
  task: (() => void) | null;
}

function isBefore(left: Planned, right: Planned): boolean {
  return left.atMs < right.atMs || (left.atMs === right.atMs && left.order < right.order);
}

/** A binary heap: the earliest event is at the top. */
function createHeap() {
  const items: Planned[] = [];
  function at(index: number): Planned {
    return items[index] as Planned;
  }
  return {
    peek: (): Planned | undefined => items[0],
    push(item: Planned): void {
      let index = items.push(item) - 1;
      while (index > 0) {
        const parent = (index - 1) >> 1;
        if (isBefore(at(parent), item)) break;
        items[index] = at(parent);
        index = parent;
      }
      items[index] = item;
    },
    pop(): void {
      const last = items.pop();
      if (last === undefined || items.length === 0) return;
      let index = 0;
      for (;;) {
        const left = index * 2 + 1;
        if (left >= items.length) break;
        const right = left + 1;
        const child = right < items.length && isBefore(at(right), at(left)) ? right : left;
        if (isBefore(last, at(child))) break;
        items[index] = at(child);
        index = child;
      }
      items[index] = last;
    },
  };
}

/** Settles after every promise that can settle without a further event. */
function untilQuiet(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

export function createLoop(startMs: number): Loop {
  const heap = createHeap();
  let nowMs = startMs;
  let order = 0;
  let count = 0;
  let isStopped = false;
  return {
    clock: { now: () => nowMs },
    count: () => count,
    after(delayMs, task) {
      const planned: Planned = { atMs: nowMs + Math.max(0, delayMs), order: (order += 1), task };
      heap.push(planned);
      return {
        cancel() {
          planned.task = null;
        },
      };
    },
    async runUntil(endMs, isDone) {
      for (;;) {
        const next = heap.peek();
        if (isStopped || next === undefined || next.atMs > endMs) return;
        heap.pop();
        if (next.task === null) continue;
        nowMs = next.atMs;
        count += 1;
        next.task();
        await untilQuiet();
        if (isDone?.() === true) return;
      }
    },
    stop() {
      isStopped = true;
    },
  };
}
