// Many small writes, one commit: what is asked for in one turn of the event loop goes to the disk together, and each caller
// goes on when the commit that holds its write has returned. One write that fails takes nothing with it.
import type { DatabaseSync } from 'node:sqlite';
import { OutpostError } from '#shared/kernel/errors.ts';
import { runTransaction, type Durability } from '#main/journal/journal-file.ts';

interface Waiting {
  readonly work: () => unknown;
  readonly durability: Durability;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

export interface CommitQueue {
  /** `work` may be done again, when another one of its commit failed. `later`: a power cut may take it back. */
  write<Value>(work: () => Value, durability?: Durability): Promise<Value>;
  /** Commits soon, also when there is nothing to write. */
  touch(): void;
  /** Commits what is there. Later writes throw `cancelled`. */
  close(): void;
}

interface QueueOptions {
  /** Belongs to each commit, after its writes; gives what is done when it is on the disk. */
  readonly andThen: () => () => void;
  /** What was written in memory along with rows is to be read from them again. */
  readonly onRollback: () => void;
  /** `andThen` could not be done: `touch` again when it may work. */
  readonly onFailed: (error: unknown) => void;
}

export function createCommitQueue(db: DatabaseSync, { andThen, onRollback, onFailed }: QueueOptions): CommitQueue {
  let waiting: Waiting[] = [];
  let turn: NodeJS.Immediate | null = null;
  let isClosed = false;

  function commit(batch: readonly Waiting[]): void {
    const durability = batch.some((one) => one.durability === 'now') ? 'now' : 'later';
    const { values, begin } = runTransaction(
      db,
      () => ({ values: batch.map((one) => one.work()), begin: isClosed ? null : andThen() }),
      durability,
    );
    for (const [index, one] of batch.entries()) one.resolve(values[index] as never);
    begin?.();
  }

  function commitAlone(one: Waiting): void {
    try {
      one.resolve(runTransaction(db, one.work, one.durability) as never);
    } catch (error) {
      onRollback();
      one.reject(error);
    }
  }

  function flush(): void {
    turn = null;
    const batch = waiting;
    waiting = [];
    try {
      commit(batch);
    } catch (error) {
      onRollback();
      for (const one of batch) commitAlone(one);
      onFailed(error);
    }
  }

  function touch(): void {
    if (!isClosed) turn ??= setImmediate(flush);
  }

  return {
    write(work, durability = 'now') {
      if (isClosed) return Promise.reject(new OutpostError('cancelled', 'The jobs of this profile are closed.'));
      return new Promise((resolve, reject) => {
        waiting.push({ work, durability, resolve, reject });
        touch();
      });
    },
    touch,
    close() {
      if (isClosed) return;
      isClosed = true;
      if (turn !== null) clearImmediate(turn);
      if (waiting.length > 0) flush();
    },
  };
}
