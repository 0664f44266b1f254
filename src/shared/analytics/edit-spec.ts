// What can be done to a pivot while it is put together. Each step gives a new specification, so that a step back is the one before.
import { kindOfMeasure } from '#shared/analytics/measure-kind.ts';
import { isDated, isMeasured, type PivotField } from '#shared/analytics/pivot-fields.ts';
import type { PivotSource } from '#shared/analytics/pivot-source.ts';
import type { Filter } from '#shared/query/filter.ts';
import { isUnfinished } from '#shared/query/unfinished.ts';
import type { Aggregation, PivotDimension, PivotMeasure, PivotSpec } from '#shared/analytics/pivot-spec.ts';

export type Zone = 'rows' | 'columns' | 'values';

export interface Place {
  readonly zone: Zone;
  readonly index: number;
}

/** Lower bounds of bins lie on multiples of it: 10,000.00 for money, tens for everything else. */
const MONEY_BIN = 1_000_000;
const NUMBER_BIN = 10;

export function dimensionOf(field: PivotField): PivotDimension {
  if (isDated(field)) return { field: field.path, bucket: { kind: 'date', unit: 'quarter' } };
  if (isMeasured(field)) {
    return { field: field.path, bucket: { kind: 'bins', size: field.type === 'money' ? MONEY_BIN : NUMBER_BIN } };
  }
  return { field: field.path };
}

function freeId(spec: PivotSpec, wanted: string): string {
  const plain = wanted.replaceAll(/[^A-Za-z0-9_]/g, '_');
  const taken = new Set(spec.values.map(({ id }) => id));
  if (!taken.has(plain)) return plain;
  let number = 2;
  while (taken.has(`${plain}_${String(number)}`)) number += 1;
  return `${plain}_${String(number)}`;
}

export function measureOf(spec: PivotSpec, field: PivotField): PivotMeasure {
  const aggregation: Aggregation = !isMeasured(field) ? 'distinct' : field.type === 'percent' ? 'average' : 'sum';
  return { id: freeId(spec, `${field.path}_${aggregation}`), kind: 'field', aggregation, field: field.path };
}

export function countMeasure(spec: PivotSpec): PivotMeasure {
  return { id: freeId(spec, 'count'), kind: 'field', aggregation: 'count' };
}

/** A formula to begin with: the first value itself, written as that one is. */
export function formulaMeasure(spec: PivotSpec): PivotMeasure {
  const [first] = spec.values;
  const isMoney = first !== undefined && kindOfMeasure(spec, first) === 'money';
  const id = freeId(spec, 'formula');
  return { id, kind: 'formula', formula: first?.id ?? '1', ...(isMoney ? { format: 'money' } : {}) };
}

function insert<Item>(items: readonly Item[], item: Item, index: number): readonly Item[] {
  return [...items.slice(0, index), item, ...items.slice(index)];
}

function without<Item>(items: readonly Item[], index: number): readonly Item[] {
  return items.filter((_, at) => at !== index);
}

/** Puts a field into a zone. A field that stands in rows or columns already moves there. */
export function addField(spec: PivotSpec, field: PivotField, zone: Zone, index = spec[zone].length): PivotSpec {
  if (zone === 'values') return { ...spec, values: insert(spec.values, measureOf(spec, field), index) };
  for (const from of ['rows', 'columns'] as const) {
    const at = spec[from].findIndex((dimension) => dimension.field === field.path);
    if (at >= 0) return moveItem(spec, { zone: from, index: at }, { zone, index });
  }
  return { ...spec, [zone]: insert(spec[zone], dimensionOf(field), index) };
}

export function addMeasure(spec: PivotSpec, measure: PivotMeasure): PivotSpec {
  return { ...spec, values: [...spec.values, measure] };
}

/** Forgets sorting and tops by values that are not there any more. */
function settle(spec: PivotSpec): PivotSpec {
  const ids = new Set(spec.values.map(({ id }) => id));
  const clean = (dimension: PivotDimension): PivotDimension => {
    const { top, sort, ...rest } = dimension;
    return {
      ...rest,
      ...(top !== undefined && ids.has(top.measure) ? { top } : {}),
      ...(sort !== undefined && (sort.measure === undefined || ids.has(sort.measure)) ? { sort } : {}),
    };
  };
  return { ...spec, rows: spec.rows.map(clean), columns: spec.columns.map(clean) };
}

export function removeItem(spec: PivotSpec, { zone, index }: Place): PivotSpec {
  return settle({ ...spec, [zone]: without<unknown>(spec[zone], index) });
}

/** Between rows and columns, or within a zone; a value becomes no dimension this way, nor the other way round. */
export function moveItem(spec: PivotSpec, from: Place, to: Place): PivotSpec {
  if ((from.zone === 'values') !== (to.zone === 'values')) return spec;
  const item: unknown = spec[from.zone][from.index];
  if (item === undefined) return spec;
  if (from.zone === to.zone) {
    const index = to.index > from.index ? to.index - 1 : to.index;
    return { ...spec, [from.zone]: insert<unknown>(without<unknown>(spec[from.zone], from.index), item, index) };
  }
  return {
    ...spec,
    [from.zone]: without<unknown>(spec[from.zone], from.index),
    [to.zone]: insert<unknown>(spec[to.zone], item, to.index),
  };
}

export function changeDimension(
  spec: PivotSpec,
  { zone, index }: { readonly zone: 'rows' | 'columns'; readonly index: number },
  next: PivotDimension,
): PivotSpec {
  return { ...spec, [zone]: spec[zone].map((dimension, at) => (at === index ? next : dimension)) };
}

export function changeMeasure(spec: PivotSpec, index: number, next: PivotMeasure): PivotSpec {
  return { ...spec, values: spec.values.map((measure, at) => (at === index ? next : measure)) };
}

/** Rows become columns and columns rows. */
export function transpose(spec: PivotSpec): PivotSpec {
  return { ...spec, rows: spec.columns, columns: spec.rows };
}

/** What a pivot starts with: how much is expected when, by stage. */
export function firstSpec(isKnown: (path: string) => boolean): PivotSpec {
  const spec: PivotSpec = {
    source: 'deal',
    rows: isKnown('stageId') ? [{ field: 'stageId' }] : [],
    columns: isKnown('closeDate') ? [{ field: 'closeDate', bucket: { kind: 'date', unit: 'quarter' } }] : [],
    values: [{ id: 'count', kind: 'field', aggregation: 'count' }],
    ...(isKnown('status') ? { filter: { and: [{ field: 'status', op: 'eq', value: 'open' }] } } : {}),
  };
  if (!isKnown('amount')) return spec;
  return {
    ...spec,
    values: [{ id: 'amount_sum', kind: 'field', aggregation: 'sum', field: 'amount' }, ...spec.values],
  };
}

const firstRows: Readonly<Partial<Record<PivotSource, string>>> = {
  stageChange: 'toStage',
  dealLine: 'lines.productId',
  product: 'family',
  user: 'role',
  campaign: 'state',
};

/** What a pivot over other records starts with: how many there are. */
export function firstSpecOf(source: PivotSource): PivotSpec {
  return {
    source,
    rows: [{ field: firstRows[source] ?? 'ownerId' }],
    columns: [],
    values: [{ id: 'count', kind: 'field', aggregation: 'count' }],
  };
}

/** The same question about a past day, or about now. */
export function asOfDay(spec: PivotSpec, day: string | undefined): PivotSpec {
  const { asOf: _left, ...now } = spec;
  return day === undefined ? now : { ...now, asOf: day };
}

/** With these conditions, all of which must hold, in place of its filter. */
export function withConditions(spec: PivotSpec, conditions: readonly Filter[]): PivotSpec {
  const { filter: _, ...rest } = spec;
  return conditions.length === 0 ? rest : { ...rest, filter: { and: conditions } };
}

/** The question as it stands while a condition of its filter is still being entered. */
export function withoutUnfinished(spec: PivotSpec): PivotSpec {
  const { filter } = spec;
  if (filter === undefined || !('and' in filter) || !filter.and.some(isUnfinished)) return spec;
  return withConditions(
    spec,
    filter.and.filter((condition) => !isUnfinished(condition)),
  );
}

/** The specification without fields that are not there (any more). */
export function withoutFields(spec: PivotSpec, missing: readonly string[]): PivotSpec {
  const isThere = (field: string | undefined): boolean => field === undefined || !missing.includes(field);
  const { filter, ...rest } = spec;
  const conditions = filter !== undefined && 'and' in filter ? filter.and : filter === undefined ? [] : [filter];
  const kept = conditions.filter((condition) => !('field' in condition) || isThere(condition.field));
  return settle({
    ...rest,
    rows: spec.rows.filter(({ field }) => isThere(field)),
    columns: spec.columns.filter(({ field }) => isThere(field)),
    values: spec.values.filter(
      (measure) => measure.kind === 'formula' || (isThere(measure.field) && isThere(measure.orderBy)),
    ),
    ...(kept.length === 0 ? {} : { filter: { and: kept } }),
  });
}
