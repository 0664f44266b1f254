// The lines of a snapshot as they are kept: arrays instead of objects, because there are very many of them on a computer.
import { forecastCategories, type ForecastCategory } from '#shared/entities/deal/deal.ts';

/** Snapshots of so many days are on the computers; older ones stay with the server. */
export const SNAPSHOT_DAYS = 90;

/** The open deals that have all of this in common. Money is in minor units of `currency`. */
export interface SnapshotLine {
  readonly pipelineId: string;
  readonly stageId: string;
  readonly forecastCategory: ForecastCategory | null;
  /** `2026-12`; null for deals without a close date. */
  readonly closeMonth: string | null;
  readonly currency: string | null;
  readonly count: number;
  readonly amount: number;
  /** Amounts by probability, each deal rounded. */
  readonly weighted: number;
}

/** A line as it is stored, in the order of `SnapshotLine`. */
export type StoredLine = readonly [
  pipelineId: string,
  stageId: string,
  forecastCategory: string | null,
  closeMonth: string | null,
  currency: string | null,
  count: number,
  amount: number,
  weighted: number,
];

/** The lines of a snapshot; null where this user does not see what they are made of (`lines` is absent or a mask). */
export function snapshotLines(snapshot: Readonly<Record<string, unknown>>): readonly SnapshotLine[] | null {
  const lines = snapshot['lines'];
  if (!Array.isArray(lines)) return null;
  return lines.flatMap((line: unknown) => (isStoredLine(line) ? [toLine(line)] : []));
}

/** The opposite of `snapshotLines`. */
export function toStoredLine(line: SnapshotLine): StoredLine {
  const { pipelineId, stageId, forecastCategory, closeMonth, currency, count, amount, weighted } = line;
  return [pipelineId, stageId, forecastCategory, closeMonth, currency, count, amount, weighted];
}

function isStoredLine(line: unknown): line is StoredLine {
  if (!Array.isArray(line) || line.length < 8) return false;
  const [pipelineId, stageId, category, closeMonth, currency, ...numbers] = line as readonly unknown[];
  const texts = [category, closeMonth, currency].every((part) => part === null || typeof part === 'string');
  const isNumbered = numbers.slice(0, 3).every((part) => typeof part === 'number');
  return typeof pipelineId === 'string' && typeof stageId === 'string' && texts && isNumbered;
}

function toLine([
  pipelineId,
  stageId,
  category,
  closeMonth,
  currency,
  count,
  amount,
  weighted,
]: StoredLine): SnapshotLine {
  const forecastCategory = forecastCategories.find((known) => known === category) ?? null;
  return { pipelineId, stageId, forecastCategory, closeMonth, currency, count, amount, weighted };
}
