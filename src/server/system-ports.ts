import { webcrypto } from 'node:crypto';
import type { Clock, RandomSource } from '#shared/kernel/ports.ts';

/** The clock of this computer. */
export const systemClock: Clock = { now: () => Date.now() };

/** The cryptographic source of this computer. */
export const systemRandom: RandomSource = { bytes: (length) => webcrypto.getRandomValues(new Uint8Array(length)) };
