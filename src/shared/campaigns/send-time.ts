// When somebody is likely to read a mail, from when mails of earlier campaigns were opened and clicked: one small model that can
// be told in a sentence. Each hour of the week gets a score, its engagements smoothed with its neighbours; of a person as much
// weight is the own history as it has evidence, the rest is that of everybody. No history at all: no reason to wait.

/** Hours of a week, Monday 00:00 UTC first. */
export const HOURS_OF_WEEK = 168;
const HOUR_MS = 3_600_000;
/** 1970-01-01 was a Thursday: three days after the Monday hours are counted from. */
const FIRST_HOUR = 72;
/** So many own engagements weigh as much as the history of everybody. */
const PRIOR = 5;
/** Shares of an engagement that count for the hours around it. */
const SPREAD: readonly (readonly [number, number])[] = [
  [-2, 0.1],
  [-1, 0.2],
  [0, 0.4],
  [1, 0.2],
  [2, 0.1],
];

export type WeekHours = readonly number[];

export function hourOfWeek(epochMs: number): number {
  return (((Math.floor(epochMs / HOUR_MS) + FIRST_HOUR) % HOURS_OF_WEEK) + HOURS_OF_WEEK) % HOURS_OF_WEEK;
}

function shares(counts: WeekHours): { readonly total: number; readonly shares: readonly number[] } {
  const total = counts.reduce((sum, each) => sum + each, 0);
  const smoothed = Array.from({ length: HOURS_OF_WEEK }, (_, hour) =>
    SPREAD.reduce((sum, [by, weight]) => sum + (counts[(hour + by + HOURS_OF_WEEK) % HOURS_OF_WEEK] ?? 0) * weight, 0),
  );
  return { total, shares: smoothed.map((each) => (total === 0 ? 0 : each / total)) };
}

export interface BestTime {
  readonly atMs: number;
  /** `own`: mostly from the person's history; `everybody`: mostly from that of all; `none`: nothing is known, so at once. */
  readonly because: 'own' | 'everybody' | 'none';
  /** Engagements it rests on. */
  readonly evidence: number;
}

/** The best moment from `fromMs` on, no later than `withinHours`. Of hours that are alike, the earliest. */
export function bestTime(own: WeekHours, everybody: WeekHours, fromMs: number, withinHours = 24): BestTime {
  const mine = shares(own);
  const all = shares(everybody);
  if (mine.total === 0 && all.total === 0) return { atMs: fromMs, because: 'none', evidence: 0 };
  const weight = all.total === 0 ? 1 : mine.total / (mine.total + PRIOR);
  let best = { atMs: fromMs, score: -1 };
  for (let ahead = 0; ahead <= withinHours; ahead += 1) {
    const atMs = ahead === 0 ? fromMs : (Math.floor(fromMs / HOUR_MS) + ahead) * HOUR_MS;
    if (atMs > fromMs + withinHours * HOUR_MS) break;
    const hour = hourOfWeek(atMs);
    const score = weight * (mine.shares[hour] ?? 0) + (1 - weight) * (all.shares[hour] ?? 0);
    if (score > best.score + 1e-12) best = { atMs, score };
  }
  const isOwn = weight >= 0.5;
  return { atMs: best.atMs, because: isOwn ? 'own' : 'everybody', evidence: isOwn ? mine.total : all.total };
}

export function emptyWeek(): number[] {
  return Array.from({ length: HOURS_OF_WEEK }, () => 0);
}
