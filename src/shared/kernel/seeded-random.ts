import type { RandomSource } from '#shared/kernel/ports.ts';

/** A repeatable random source (splitmix64 steps, after Steele, Lea and Flood 2014) with the draws that generators need. */
export interface SeededRandom extends RandomSource {
  /** Uniform in [0, 1). */
  unit(): number;
  /** Uniform integer, both ends included. */
  integer(min: number, max: number): number;
  pick<Item>(items: readonly Item[]): Item;
  chance(probability: number): boolean;
}

const MASK = (1n << 64n) - 1n;

export function createSeededRandom(seed: number): SeededRandom {
  let state = BigInt(seed) & MASK;
  function next(): bigint {
    state = (state + 0x9e3779b97f4a7c15n) & MASK;
    let z = state;
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK;
    return z ^ (z >> 31n);
  }
  function unit(): number {
    return Number(next() >> 11n) / 2 ** 53;
  }
  function integer(min: number, max: number): number {
    return min + Math.floor(unit() * (max - min + 1));
  }
  return {
    unit,
    integer,
    pick(items) {
      const item = items[integer(0, items.length - 1)];
      if (item === undefined) throw new RangeError('pick from an empty list');
      return item;
    },
    chance: (probability) => unit() < probability,
    bytes(length) {
      const out = new Uint8Array(length);
      for (let index = 0; index < length; index += 1) out[index] = Number(next() & 255n);
      return out;
    },
  };
}
