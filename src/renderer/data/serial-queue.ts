// Work that must not interleave: one task at a time, in the order it came. A failing task fails alone.

export interface SerialQueue {
  run<Value>(task: () => Promise<Value>): Promise<Value>;
  /** Resolves when everything queued so far has ended, well or not. */
  idle(): Promise<void>;
}

export function createSerialQueue(): SerialQueue {
  let tail: Promise<unknown> = Promise.resolve();
  const nothing = (): void => undefined;
  return {
    run(task) {
      const result = tail.then(task);
      // The queue goes on after a failure; the failure itself belongs to whoever queued the task.
      tail = result.then(nothing, nothing);
      return result;
    },
    async idle() {
      await tail;
    },
  };
}
