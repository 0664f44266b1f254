// Time and chance come in as arguments, so that a whole world of clients can run from one seed.

/** Wall clock in milliseconds since 1970-01-01T00:00:00Z. */
export interface Clock {
  now(): number;
}

/** Uniform random bytes. Production: the platform's cryptographic source. Tests: a seeded one. */
export interface RandomSource {
  bytes(length: number): Uint8Array;
}

/** Delayed work. `cancel` of a task that already ran does nothing. */
export interface Scheduler {
  after(delayMs: number, task: () => void): { cancel(): void };
}
