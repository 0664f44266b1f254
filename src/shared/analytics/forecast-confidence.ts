// How sure a forecast is: in words, from how much history there is and how good earlier forecasts were, and as a range, by
// playing the open deals many times. The same seed gives the same range, on every computer.

export const confidenceLevels = ['high', 'medium', 'low'] as const;
export type ConfidenceLevel = (typeof confidenceLevels)[number];

/** `closedDeals`: won or lost in the last twelve months. `accuracy`: of past submissions, null when there were none. */
export function confidenceOf(closedDeals: number, accuracy: number | null): ConfidenceLevel {
  if (closedDeals >= 30 && accuracy !== null && accuracy >= 0.8) return 'high';
  return closedDeals >= 15 ? 'medium' : 'low';
}

export interface OpenDeal {
  readonly amount: number;
  /** 0 to 1. */
  readonly probability: number;
}

export interface IntervalInput {
  readonly closed: number;
  readonly open: readonly OpenDeal[];
  /** Outcomes of the last twelve months, drawn anew in every round: few of them make the range wide. */
  readonly history: { readonly won: number; readonly lost: number };
  readonly seed: string;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

const ROUNDS = 1000;
/** Share of rounds between the two ends. */
export const INTERVAL_SHARE = 0.8;
/** More outcomes drawn would not change the range, more deals played would take too long: of so many, the sum is normal. */
const MOST_OUTCOMES = 400;
const MOST_PLAYED = 1500;

/** Range in which the period ends in four of five rounds. */
export function intervalOf(input: IntervalInput): Interval {
  const { closed, open } = input;
  if (open.length === 0) return { low: closed, high: closed };
  const unit = createUnit(hashText(input.seed));
  const totals = new Float64Array(ROUNDS);
  for (let round = 0; round < ROUNDS; round += 1) {
    const factor = drawFactor(input.history, unit);
    totals[round] = open.length > MOST_PLAYED ? normalTotal(open, factor, unit) : playTotal(open, factor, unit);
  }
  totals.sort();
  const at = (share: number): number => totals[Math.round(share * (ROUNDS - 1))] ?? 0;
  const tail = (1 - INTERVAL_SHARE) / 2;
  return { low: closed + Math.round(at(tail)), high: closed + Math.round(at(1 - tail)) };
}

/** By how much the share of won deals differs when history is drawn again. */
function drawFactor(history: IntervalInput['history'], unit: () => number): number {
  const all = history.won + history.lost;
  if (history.won === 0 || all === 0) return 1;
  const share = history.won / all;
  const draws = Math.min(all, MOST_OUTCOMES);
  let won = 0;
  for (let draw = 0; draw < draws; draw += 1) if (unit() < share) won += 1;
  return won / draws / share;
}

function playTotal(open: readonly OpenDeal[], factor: number, unit: () => number): number {
  let total = 0;
  for (const { amount, probability } of open) if (unit() < probability * factor) total += amount;
  return total;
}

function normalTotal(open: readonly OpenDeal[], factor: number, unit: () => number): number {
  let mean = 0;
  let variance = 0;
  for (const { amount, probability } of open) {
    const chance = Math.min(1, probability * factor);
    mean += amount * chance;
    variance += amount * amount * chance * (1 - chance);
  }
  const normal = Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit());
  return mean + normal * Math.sqrt(variance);
}

/** FNV-1a, 32 bits. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** Numbers in [0, 1) from 32 bits of state: a million of them in a few milliseconds. */
function createUnit(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
