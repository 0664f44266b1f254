// Row locks of the model store: shared and exclusive, given in the order of asking, kept until the transaction ends. Whoever
// would wait in a circle is told so at once, as PostgreSQL does.
import { SqlError } from '#server/store/sql-error.ts';

export interface Locks {
  /** Resolves at once when nobody is in the way. */
  acquire(owner: number, name: string, isExclusive: boolean): Promise<void> | null;
  releaseAll(owner: number): void;
}

interface Waiting {
  readonly owner: number;
  readonly isExclusive: boolean;
  readonly grant: () => void;
}

interface Lock {
  readonly holders: Map<number, boolean>;
  readonly queue: Waiting[];
}

export function createLocks(): Locks {
  const locks = new Map<string, Lock>();
  const heldBy = new Map<number, Set<string>>();
  /** What an owner waits for. */
  const waitsFor = new Map<number, string>();

  function isFree(lock: Lock, owner: number, isExclusive: boolean): boolean {
    for (const [holder, holdsExclusive] of lock.holders)
      if (holder !== owner && (isExclusive || holdsExclusive)) return false;
    return true;
  }

  function hold(name: string, lock: Lock, owner: number, isExclusive: boolean): void {
    lock.holders.set(owner, isExclusive || lock.holders.get(owner) === true);
    let held = heldBy.get(owner);
    if (held === undefined) heldBy.set(owner, (held = new Set()));
    held.add(name);
  }

  /** Everybody this owner would wait for, through others. */
  function waitsInCircle(owner: number, name: string): boolean {
    const seen = new Set<number>();
    const open = [name];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const lock = locks.get(next);
      if (lock === undefined) continue;
      for (const holder of [...lock.holders.keys(), ...lock.queue.map((waiting) => waiting.owner)]) {
        if (holder === owner) {
          if (next !== name) return true;
          continue;
        }
        if (seen.has(holder)) continue;
        seen.add(holder);
        const further = waitsFor.get(holder);
        if (further !== undefined) open.push(further);
      }
    }
    return false;
  }

  function serve(name: string, lock: Lock): void {
    for (let next = lock.queue[0]; next !== undefined; next = lock.queue[0]) {
      if (!isFree(lock, next.owner, next.isExclusive)) return;
      lock.queue.shift();
      waitsFor.delete(next.owner);
      hold(name, lock, next.owner, next.isExclusive);
      next.grant();
    }
    if (lock.holders.size === 0) locks.delete(name);
  }

  return {
    acquire(owner, name, isExclusive) {
      let lock = locks.get(name);
      if (lock === undefined) locks.set(name, (lock = { holders: new Map(), queue: [] }));
      const mine = lock.holders.get(owner);
      if (mine === true || (mine === false && !isExclusive)) return null;
      const mayPass = mine !== undefined || lock.queue.length === 0;
      if (mayPass && isFree(lock, owner, isExclusive)) {
        hold(name, lock, owner, isExclusive);
        return null;
      }
      if (waitsInCircle(owner, name))
        throw new SqlError({ message: 'deadlock detected', code: '40P01', detail: '', constraint: '' });
      const { queue } = lock;
      return new Promise((grant) => {
        waitsFor.set(owner, name);
        const waiting: Waiting = { owner, isExclusive, grant };
        // An upgrade of an own lock goes first: nobody behind it could be served before.
        if (mine === undefined) queue.push(waiting);
        else queue.unshift(waiting);
      });
    },
    releaseAll(owner) {
      const waited = waitsFor.get(owner);
      waitsFor.delete(owner);
      const names = new Set(heldBy.get(owner));
      if (waited !== undefined) names.add(waited);
      heldBy.delete(owner);
      for (const name of names) {
        const lock = locks.get(name);
        if (lock === undefined) continue;
        lock.holders.delete(owner);
        const place = lock.queue.findIndex((waiting) => waiting.owner === owner);
        if (place >= 0) lock.queue.splice(place, 1);
        serve(name, lock);
      }
    },
  };
}
