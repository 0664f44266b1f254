// The draws of a simulation: repeatable and cheap, because every event takes some (sfc32 by Chris Doty-Humphrey).
import type { SeededRandom } from '#shared/kernel/seeded-random.ts';

export interface FastRandom extends SeededRandom {
  /** Uniform integer of 32 bits. */
  word(): number;
  /** An independent source for one purpose, so that drawing more for one thing changes nothing for another. */
  fork(purpose: number): FastRandom;
}

export function createFastRandom(seed: number, stream = 0): FastRandom {
  let a = seed | 0;
  let b = (seed / 2 ** 32) | 0;
  let c = stream | 0;
  let counter = 1;
  function word(): number {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  }
  for (let round = 0; round < 12; round += 1) word();
  const unit = (): number => word() / 2 ** 32;
  const integer = (min: number, max: number): number => min + Math.floor(unit() * (max - min + 1));
  return {
    word,
    unit,
    integer,
    pick(items) {
      const item = items[integer(0, items.length - 1)];
      if (item === undefined) throw new RangeError('pick from an empty list');
      return item;
    },
    chance: (probability) => probability > 0 && unit() < probability,
    bytes(length) {
      const out = new Uint8Array(length);
      for (let index = 0; index < length; index += 1) out[index] = word() & 255;
      return out;
    },
    fork: (purpose) => createFastRandom(seed, (Math.imul(stream + 1, 0x9e3779b1) ^ purpose) | 0),
  };
}
