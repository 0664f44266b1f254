// The open pipeline of past days from the snapshots the server keeps: what stood there then, also of deals that were deleted
// since. Lines tell the month of a close date, no day: a question about other days than whole months is not theirs to answer.
import type { ConvertMoney } from '#shared/analytics/columns/read-path.ts';
import type { Period } from '#shared/kernel/periods.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { snapshotLines, type SnapshotLine } from '#shared/entities/pipeline-snapshot/snapshot-lines.ts';
import { addDays, type Day } from '#shared/kernel/calendar.ts';

export interface SnapshotQuestion {
  readonly period: Period | null;
  readonly pipeline?: string;
  /** By owner and team. */
  readonly isOurs: (snapshot: AnyRecord) => boolean;
  readonly convert: ConvertMoney;
}

export interface SnapshotSum {
  readonly count: number;
  readonly value: number;
  /** By probability. */
  readonly weighted: number;
}

function isWholeMonths({ start, end }: Period): boolean {
  return start.endsWith('-01') && addDays(end, 1).endsWith('-01');
}

function isAsked({ pipelineId, closeMonth }: SnapshotLine, { period, pipeline }: SnapshotQuestion): boolean {
  if (pipeline !== undefined && pipelineId !== pipeline) return false;
  if (period === null) return true;
  return closeMonth !== null && closeMonth >= period.start.slice(0, 7) && closeMonth <= period.end.slice(0, 7);
}

/** Sums by day, of days that have snapshots; none where they cannot answer, or are not seen. */
export function sumSnapshots(
  snapshots: Iterable<AnyRecord>,
  question: SnapshotQuestion,
): ReadonlyMap<Day, SnapshotSum> {
  const sums = new Map<Day, SnapshotSum>();
  if (question.period !== null && !isWholeMonths(question.period)) return sums;
  for (const snapshot of snapshots) {
    const day = snapshot['day'];
    const lines = snapshotLines({ lines: snapshot['lines'] });
    if (typeof day !== 'string' || lines === null) continue;
    let { count, value, weighted } = sums.get(day) ?? { count: 0, value: 0, weighted: 0 };
    if (question.isOurs(snapshot)) {
      for (const line of lines) {
        if (!isAsked(line, question)) continue;
        count += line.count;
        value += question.convert(line.amount, line.currency, dayOfLine(line, day)) ?? 0;
        weighted += question.convert(line.weighted, line.currency, dayOfLine(line, day)) ?? 0;
      }
    }
    sums.set(day, { count, value, weighted });
  }
  return sums;
}

/** A month is taken at the rate of its last day. */
function dayOfLine({ closeMonth }: SnapshotLine, day: Day): Day {
  if (closeMonth === null) return day;
  const [year = 0, month = 1] = closeMonth.split('-').map(Number);
  const next = month === 12 ? `${String(year + 1)}-01` : `${String(year)}-${String(month + 1).padStart(2, '0')}`;
  return addDays(`${next}-01`, -1);
}
