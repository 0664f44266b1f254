// What the number of a value is, so that it is shown, entered and exported the way people read it.
import { pivotFieldAt } from '#shared/analytics/pivot-fields.ts';
import type { PivotMeasure, PivotSpec } from '#shared/analytics/pivot-spec.ts';

/** `share` is a fraction shown in percent, `percent` a number 0–100, `money` minor units, `day` days or instants. */
export type MeasureKind = 'number' | 'money' | 'percent' | 'share' | 'day';

export function kindOfMeasure(spec: PivotSpec, measure: PivotMeasure): MeasureKind {
  const { display = 'value' } = measure;
  if (display.endsWith('Share') || display.startsWith('percent')) return 'share';
  if (measure.kind === 'formula') {
    return measure.format === 'percent' ? 'share' : measure.format === 'money' ? 'money' : 'number';
  }
  const isCount = measure.aggregation === 'count' || measure.aggregation === 'distinct';
  if (isCount || measure.field === undefined) return 'number';
  const type = pivotFieldAt(spec.source, measure.field)?.type;
  if (type === 'money' || type === 'percent') return type;
  return type === 'date' || type === 'dateTime' ? 'day' : 'number';
}
