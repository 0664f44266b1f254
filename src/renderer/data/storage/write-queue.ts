// Everything that changes a collection happens one after the other: groups of writes, merging, purging. Writes that arrive
// while a transaction is under way form the next group and share one transaction; merging waits behind them.

export interface WriteJob<Input, Output> {
  readonly input: Input;
  readonly size: number;
  readonly resolve: (output: Output) => void;
  readonly reject: (error: unknown) => void;
}

const GROUP_AT_MOST_ROWS = 4_000;

export class WriteQueue<Input, Output> {
  readonly #writeGroup: (jobs: readonly WriteJob<Input, Output>[]) => Promise<void>;
  #writes: WriteJob<Input, Output>[] = [];
  #tasks: (() => Promise<void>)[] = [];
  #running: Promise<void> | null = null;

  /** `writeGroup` makes a group durable and settles its jobs; if it throws instead, all jobs of the group are rejected. */
  constructor(writeGroup: (jobs: readonly WriteJob<Input, Output>[]) => Promise<void>) {
    this.#writeGroup = writeGroup;
  }

  get isBusy(): boolean {
    return this.#running !== null;
  }

  write(input: Input, size: number): Promise<Output> {
    const { promise, resolve, reject } = Promise.withResolvers<Output>();
    this.#writes.push({ input, size, resolve, reject });
    this.#start();
    return promise;
  }

  /** Runs other work alone, as soon as no write waits. */
  run<Value>(task: () => Promise<Value>): Promise<Value> {
    const { promise, resolve, reject } = Promise.withResolvers<Value>();
    this.#tasks.push(() => task().then(resolve, reject));
    this.#start();
    return promise;
  }

  /** Resolves when nothing is waiting or under way. */
  async settle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  #start(): void {
    this.#running ??= this.#drain();
  }

  async #drain(): Promise<void> {
    // Writes of the same turn of the event loop join the first group.
    await Promise.resolve();
    for (;;) {
      const group = this.#takeGroup();
      const task = group.length === 0 ? this.#tasks.shift() : undefined;
      if (task) await task();
      else if (group.length > 0) await this.#writeOrReject(group);
      else break;
    }
    // In the same turn as the last look at the queue, or what comes in between would wait for ever.
    this.#running = null;
  }

  async #writeOrReject(group: readonly WriteJob<Input, Output>[]): Promise<void> {
    try {
      await this.#writeGroup(group);
    } catch (error) {
      for (const job of group) job.reject(error);
    }
  }

  #takeGroup(): WriteJob<Input, Output>[] {
    let rows = 0;
    const count = this.#writes.findIndex((job, position) => {
      rows += job.size;
      return position > 0 && rows > GROUP_AT_MOST_ROWS;
    });
    return this.#writes.splice(0, count === -1 ? this.#writes.length : count);
  }
}
