// Leads (ANA-01): those that were created in the period, what became of them so far.
import { isInstantWithin, type MetricInput, type MetricSpan } from '#shared/analytics/metrics/metric-input.ts';
import { countBy, meanOf, shareOf, type MetricNumbers } from '#shared/analytics/metrics/metric-numbers.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';

/** Score from which a lead counts as one of high quality. */
export const HIGH_QUALITY_SCORE = 70;

export function leadsOf({ leads }: MetricInput, span: MetricSpan): readonly AnyRecord[] {
  return leads.filter(({ createdAt }) => isInstantWithin(createdAt, span));
}

function scoresOf(leads: readonly AnyRecord[]): readonly number[] {
  return leads.flatMap(({ score }) => (typeof score === 'number' ? [score] : []));
}

const optionOf =
  (field: string) =>
  (record: AnyRecord): string | null => {
    const value = record[field];
    return typeof value === 'string' && value !== '' ? value : null;
  };

export function leadTotal(leads: readonly AnyRecord[]): MetricNumbers {
  return { value: leads.length };
}

/** Mean over the leads that have a score. */
export function leadScore(leads: readonly AnyRecord[]): MetricNumbers {
  return { value: meanOf(scoresOf(leads)) };
}

export function leadHighQuality(leads: readonly AnyRecord[]): MetricNumbers {
  return { value: scoresOf(leads).filter((score) => score >= HIGH_QUALITY_SCORE).length };
}

/** Converted ones of all that were created in the period. */
export function leadConversion(leads: readonly AnyRecord[]): MetricNumbers {
  return { value: shareOf(leads.filter(({ status }) => status === 'converted').length, leads.length) };
}

export function countByOption(records: readonly AnyRecord[], field: string): MetricNumbers {
  return { value: records.length, parts: countBy(records, optionOf(field)) };
}
