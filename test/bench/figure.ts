// What a figure is. A target is a promise about one number: the ratio to a peer measured in the same run on the same
// data where there is a peer, the value itself otherwise.

export interface Measured {
  readonly value: number;
  readonly peer?: { readonly name: string; readonly value: number };
  /** For people, on stderr: what else was seen. */
  readonly notes?: readonly string[];
}

export interface Figure {
  readonly name: string;
  readonly unit: string;
  /** `faster`: peer divided by own; `times`: own divided by peer. Only with a peer. */
  readonly ratio?: 'faster' | 'times';
  readonly target: { readonly is: '<=' | '>='; readonly limit: number };
  measure(): Promise<Measured>;
}

/** The line a figure prints. */
export interface FigureLine {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly target: string;
  readonly holds: boolean;
  readonly peer?: string;
  readonly peerValue?: number;
  readonly ratio?: number;
}

/** Three digits that mean something. */
function round(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}

export function toLine(figure: Figure, measured: Measured): FigureLine {
  const { peer, value } = measured;
  const ratio = peer === undefined ? null : figure.ratio === 'faster' ? peer.value / value : value / peer.value;
  const { is, limit } = figure.target;
  const judged = ratio ?? value;
  return {
    name: figure.name,
    value: round(value),
    unit: figure.unit,
    target: `${ratio === null ? 'value' : 'ratio'} ${is} ${String(limit)}`,
    holds: is === '<=' ? judged <= limit : judged >= limit,
    ...(peer === undefined || ratio === null
      ? {}
      : { peer: peer.name, peerValue: round(peer.value), ratio: round(ratio) }),
  };
}

/** The value below which this share of the values lies; `percentile(values, 0.5)` is the median. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** Milliseconds with one digit, for notes. */
export const inMs = (values: readonly number[]): string =>
  `${values.map((value) => value.toFixed(value < 10 ? 2 : 0)).join(', ')} ms`;
