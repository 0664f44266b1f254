// What fields, members, values and cells of a pivot are called, in somebody's language.
import { formulaTitle, type FormulaName } from '#shared/analytics/formula-text.ts';
import { kindOfMeasure } from '#shared/analytics/measure-kind.ts';
import {
  isMeasured,
  listOnPath,
  madeFields,
  pivotFieldAt,
  type PathStep,
  type PivotField,
} from '#shared/analytics/pivot-fields.ts';
import type { PivotSource } from '#shared/analytics/pivot-source.ts';
import type { PivotWords } from '#shared/analytics/export-pivot.ts';
import { OTHERS } from '#shared/analytics/pivot-result.ts';
import type { DateUnit, FieldMeasure, PivotMeasure, PivotSpec } from '#shared/analytics/pivot-spec.ts';
import type { FieldType } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { toDay, toEpochMs } from '#shared/kernel/calendar.ts';
import type { Labels } from '#shared/query/live-answer.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import { filterInWords } from '#shared/words/filter-words.ts';
import type { Names, Translate } from '#shared/words/names.ts';

export interface PivotNames extends PivotWords {
  /** “Account › Industry”. */
  field(source: PivotSource, path: string): string;
  /** What is asked about: “Deals”, “Deal lines”. */
  source(source: PivotSource): string;
  /** What the values of a pivot are called in its formulas. */
  inFormulas(spec: PivotSpec): readonly FormulaName[];
  /** A cell as text; empty for an empty one. */
  cell(spec: PivotSpec, measure: PivotMeasure, value: number, currency: string, style?: 'full' | 'short'): string;
  /** The filter of a pivot in words; empty where there is none. */
  filter(spec: PivotSpec, told: { readonly labels: Labels; readonly currency: string }): readonly string[];
  /** What has to be said beside the numbers, whoever reads them and wherever. */
  remarks(spec: PivotSpec): readonly string[];
}

/** How numbers and days read in that language. */
export interface PivotFormat {
  day(day: string): string;
  money(minorUnits: number, currency: string, style?: 'full' | 'short'): string;
  percent(value: number): string;
}

export function createPivotNames(t: Translate, names: Names, format: PivotFormat, language: string): PivotNames {
  const month = new Intl.DateTimeFormat(language, { month: 'short', year: 'numeric', timeZone: 'UTC' });
  const weekday = new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' });
  const share = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
  const decimal = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });

  function stepName({ entity, field, ofLine }: PathStep): string {
    if (ofLine !== undefined) return `${t('analytics.lines.one')} › ${t(`analytics.lines.fields.${ofLine}`)}`;
    if (madeFields[entity]?.[field] !== undefined) return t(`analytics.made.${entity}.${field}`);
    return names.field(entities[entity], field);
  }

  function fieldName(source: PivotSource, path: string): string {
    if (source === 'dealLine' && path === 'lines') return names.field(entities.deal, path);
    const field = pivotFieldAt(source, path);
    if (field === null) return path;
    return field.steps.map(stepName).join(' › ');
  }

  function sourceName(source: PivotSource): string {
    return source === 'dealLine' ? t('analytics.lines.many') : names.entities(entities[source]);
  }

  function bucketText(unit: DateUnit, key: string): string {
    switch (unit) {
      case 'year':
        return key;
      case 'fiscalYear':
        return t('analytics.pivot.fiscal', { period: key.replace(/^FY/, '') });
      case 'quarter':
      case 'fiscalQuarter': {
        const [year = '', quarter = ''] = key.replace(/^FY/, '').split('-');
        const text = `${quarter} ${year}`;
        return unit === 'quarter' ? text : t('analytics.pivot.fiscal', { period: text });
      }
      case 'month':
        return month.format(toEpochMs(`${key}-01`));
      case 'week': {
        const [year = '', week = ''] = key.split('-W');
        return t('analytics.pivot.week', { week: String(Number(week)), year });
      }
      case 'day':
        return format.day(key);
      case 'weekday':
        // 1 January 2024 was a Monday.
        return weekday.format(toEpochMs(`2024-01-0${key}`));
    }
  }

  function numberText(type: FieldType, value: number, currency: string, style: 'full' | 'short' = 'full'): string {
    if (type === 'money') return format.money(Math.round(value), currency, style);
    if (type === 'percent') return format.percent(Math.round(value * 100) / 100);
    return decimal.format(value);
  }

  function valueText(field: PivotField, key: string, labels: Labels): string {
    const label = labels[key];
    if (label !== undefined) return label;
    if (field.to !== undefined) return t('common.notAvailable');
    if (field.type === 'boolean') return key === 'true' ? t('common.yes') : t('common.no');
    const last = field.steps.at(-1);
    if (last !== undefined && (field.type === 'select' || field.type === 'multiSelect'))
      return names.option(entities[last.entity], last.field, key);
    return key;
  }

  /** Where nothing is counted, nothing stands: a zero in every empty cell would hide the numbers. */
  function isCounted(measure: PivotMeasure): boolean {
    const { display = 'value' } = measure;
    return measure.kind === 'field' && display === 'value' && ['count', 'distinct'].includes(measure.aggregation);
  }

  /** A field of the deal counts once for each of its lines. */
  function isRepeated(
    source: PivotSource,
    measure: PivotMeasure,
  ): measure is FieldMeasure & { readonly field: string } {
    if (source !== 'dealLine' || measure.kind !== 'field' || measure.field === undefined) return false;
    const field = pivotFieldAt(source, measure.field);
    const isOfLine = field?.steps[0]?.ofLine !== undefined;
    return (
      field !== null && !isOfLine && isMeasured(field) && ['sum', 'average', 'median'].includes(measure.aggregation)
    );
  }

  function plainName(spec: PivotSpec, measure: FieldMeasure): string {
    return measure.aggregation === 'count' || measure.field === undefined
      ? t('analytics.pivot.countOf', { entities: sourceName(spec.source) })
      : t(`analytics.pivot.measure.${measure.aggregation}`, { field: fieldName(spec.source, measure.field) });
  }

  /** A formula reads a value itself, not what it is shown as; one without a title is named by its place. */
  function inFormulas(spec: PivotSpec): readonly FormulaName[] {
    let formulas = 0;
    return spec.values.map((measure) => {
      if (measure.kind === 'formula') formulas += 1;
      const { id, label = '' } = measure;
      if (label !== '') return { id, name: label };
      if (measure.kind === 'field') return { id, name: plainName(spec, measure) };
      return { id, name: `${t('analytics.pivot.formula')} ${String(formulas)}` };
    });
  }

  return {
    field: fieldName,
    source: sourceName,
    inFormulas,
    dimension(source, { field, bucket }) {
      const name = fieldName(source, field);
      return bucket?.kind === 'date' ? `${name} (${t(`analytics.pivot.units.${bucket.unit}`)})` : name;
    },
    measure(spec, measure) {
      if (measure.label !== undefined && measure.label !== '') return measure.label;
      if (measure.kind === 'formula') return formulaTitle(measure.formula, inFormulas(spec));
      const plain = plainName(spec, measure);
      const { display = 'value' } = measure;
      return display === 'value' ? plain : `${plain} (${t(`analytics.pivot.display.${display}`)})`;
    },
    member(source, dimension, key, { labels, currency }) {
      if (key === null) return t('analytics.pivot.empty');
      if (key === OTHERS) return t('analytics.pivot.others');
      const field = pivotFieldAt(source, dimension.field);
      if (field === null) return key;
      const { bucket } = dimension;
      if (bucket?.kind === 'date') return bucketText(bucket.unit, key);
      if (bucket?.kind === 'bins') {
        const from = numberText(field.type, Number(key), currency);
        return `${from} – ${numberText(field.type, Number(key) + bucket.size, currency)}`;
      }
      if (field.type === 'date') return format.day(key);
      return valueText(field, key, labels);
    },
    filter({ source, filter }, { labels, currency }) {
      if (filter === undefined) return [];
      const value = (path: string, value: unknown): string => {
        const field = pivotFieldAt(source, path);
        const text = textOf(value);
        if (field === null) return text;
        if (typeof value === 'number') return numberText(field.type, value, currency);
        if (field.type === 'date' || field.type === 'dateTime') return format.day(text);
        return valueText(field, text, labels);
      };
      return [filterInWords(t, filter, { field: (path) => fieldName(source, path), value })];
    },
    remarks({ source, rows, columns, values }) {
      const lists = [...rows, ...columns].filter(({ field: path }) => {
        const field = pivotFieldAt(source, path);
        return field !== null && listOnPath(field) !== null;
      });
      const fields = lists.map(({ field }) => fieldName(source, field)).join(', ');
      const ofDeals = values.filter((measure) => isRepeated(source, measure));
      const repeated = [...new Set(ofDeals.map((measure) => fieldName(source, measure.field)))].join(', ');
      return [
        ...(lists.length === 0 ? [] : [t('analytics.pivot.severalValues', { fields })]),
        ...(repeated === '' ? [] : [t('analytics.lines.repeated', { fields: repeated })]),
      ];
    },
    cell(spec, measure, value, currency, style = 'full') {
      if (Number.isNaN(value) || (value === 0 && isCounted(measure))) return '';
      const kind = kindOfMeasure(spec, measure);
      switch (kind) {
        case 'share':
          return share.format(value);
        case 'day':
          return format.day(toDay(value));
        case 'number':
        case 'money':
        case 'percent':
          return numberText(kind, value, currency, style);
      }
    },
  };
}
