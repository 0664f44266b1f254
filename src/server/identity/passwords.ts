// Passwords are kept as argon2id hashes. Each hash costs 64 MiB and tens of milliseconds on purpose, so a bounded queue
// stands before it: a flood of sign-ins may make sign-ins slow, never the server.
import { hash, verify } from '@node-rs/argon2';
import { OutpostError } from '#shared/kernel/errors.ts';

/** Memory and passes of RFC 9106 for servers that have other things to do (64 MiB, 3 passes), one lane; OWASP asks for a third of it. Raising it makes stored hashes weaker than new ones, not invalid; each is renewed after the next sign-in with it. */
export const passwordCost = { memoryCost: 65_536, timeCost: 3, parallelism: 1 } as const;
/** More at once would only take memory: the work runs on the thread pool of the process. */
const RUNNING_LIMIT = 2;
/** Waiting longer than this many checks would pass the patience of a person at a screen. */
const WAITING_LIMIT = 64;

/** What a hash says of itself. */
const STRENGTH = /^\$argon2(\w+)\$v=\d+\$m=(\d+),t=(\d+),/;

export interface Passwords {
  createHash(password: string): Promise<string>;
  /** True for a hash that is weaker than those that are made now. */
  isOutdated(passwordHash: string): boolean;
  /** `passwordHash` null: nobody of that name; takes as long as a wrong password. Throws `server_busy` when too many wait. */
  isCorrect(passwordHash: string | null, password: string): Promise<boolean>;
}

export function createPasswords(): Passwords {
  const waiting: (() => void)[] = [];
  let running = 0;
  // Made before the first sign-in: the first unknown name must not take longer than the second.
  const decoy = hash('nobody has this password', passwordCost);

  async function enqueue<Value>(work: () => Promise<Value>): Promise<Value> {
    if (running >= RUNNING_LIMIT) {
      if (waiting.length >= WAITING_LIMIT) {
        throw new OutpostError('server_busy', 'Too many people are signing in at this moment. Try again shortly.', {
          retryAfterSeconds: 5,
        });
      }
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running += 1;
    }
    try {
      return await work();
    } finally {
      // The slot goes to the next in line; it is given back only when nobody waits.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  }

  return {
    createHash: (password) => enqueue(() => hash(password.normalize('NFKC'), passwordCost)),
    isOutdated(passwordHash) {
      const [, kind, memory, passes] = STRENGTH.exec(passwordHash) ?? [];
      return kind !== 'id' || Number(memory) < passwordCost.memoryCost || Number(passes) < passwordCost.timeCost;
    },
    async isCorrect(passwordHash, password) {
      const known = passwordHash ?? (await decoy);
      const matches = await enqueue(() => verify(known, password.normalize('NFKC')));
      return matches && passwordHash !== null;
    },
  };
}
