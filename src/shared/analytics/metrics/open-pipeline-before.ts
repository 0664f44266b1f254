// What figures of now are compared with: the open pipeline at the end of the period before, as the server wrote it down that
// day. A question the snapshots cannot answer (a territory, a day that is too long ago) has no comparison.
import type { MetricId } from '#shared/analytics/metrics/metric-catalogue.ts';
import type { MetricFilter } from '#shared/analytics/metrics/metric-question.ts';
import { organizationMoneyOf } from '#shared/analytics/organization-money.ts';
import { sumSnapshots, type SnapshotSum } from '#shared/analytics/past/snapshot-sums.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import type { Day } from '#shared/kernel/calendar.ts';
import type { RecordSource } from '#shared/query/record-source.ts';

const partOf: Readonly<Partial<Record<MetricId, keyof SnapshotSum>>> = {
  openDeals: 'count',
  pipelineValue: 'value',
  weightedPipeline: 'weighted',
};

export function hasOpenPipelineBefore(id: MetricId): boolean {
  return partOf[id] !== undefined;
}

/** A figure at the end of the day; null when nobody wrote it down. `isOurs`: whether a snapshot is part of the question. */
export function openPipelineOn(
  source: RecordSource,
  day: Day,
  { pipeline, territory }: MetricFilter,
  isOurs: (snapshot: AnyRecord) => boolean,
): (id: MetricId) => number | null {
  if (territory !== undefined) return () => null;
  const money = organizationMoneyOf(source);
  const ofDay = [...source.all('pipelineSnapshot').values()].filter((snapshot) => snapshot['day'] === day);
  const sums = sumSnapshots(ofDay, {
    period: null,
    ...(pipeline === undefined ? {} : { pipeline }),
    isOurs,
    convert: (minorUnits, currency, at) => money.convert(minorUnits, currency, at),
  });
  return (id) => {
    const part = partOf[id];
    return part === undefined ? null : (sums.get(day)?.[part] ?? null);
  };
}
