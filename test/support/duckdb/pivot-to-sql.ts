// A pivot as one statement: grouping sets over every depth of rows and columns. Keys of members and figures are worked out by
// DuckDB alone; only their spelling is that of the pivot.
import type { Aggregation, FieldMeasure, PivotDimension, PivotSpec } from '#shared/analytics/pivot-spec.ts';
import type { FieldType } from '#shared/entities/define-entity.ts';
import type { Types } from '../columns-of.ts';
import { filterToSql } from './filter-to-sql.ts';

export interface Setting {
  readonly types: Types;
  readonly today: string;
  readonly timeZone: string;
  readonly fiscalYearStart: number;
}

/** Columns r0 … c0 … with keys, gr0 … with 1 where the column is rolled up, and one for each measure. */
export function pivotToSql(spec: PivotSpec, setting: Setting): string {
  const names = [...spec.rows.map((_, at) => `r${String(at)}`), ...spec.columns.map((_, at) => `c${String(at)}`)];
  const keys = [...spec.rows, ...spec.columns].map(
    (dimension, at) => `${keyToSql(dimension, setting)} as ${names[at] ?? ''}`,
  );
  const where = spec.filter === undefined ? 'true' : filterToSql(spec.filter, setting.types, setting);
  const sets: string[] = [];
  for (let rows = 0; rows <= spec.rows.length; rows += 1) {
    for (let columns = 0; columns <= spec.columns.length; columns += 1) {
      const own = [...names.slice(0, rows), ...names.slice(spec.rows.length, spec.rows.length + columns)];
      sets.push(`(${own.join(', ')})`);
    }
  }
  const measures = spec.values.filter((value) => value.kind === 'field');
  const figures = measures.map((measure) => `${measureToSql(measure, setting)} as "${measure.id}"`);
  const marks = names.map((name) => `grouping(${name}) as g${name}`);
  const grouping = names.length === 0 ? '' : `group by grouping sets (${sets.join(', ')})`;
  const inner = `select *${keys.map((key) => `, ${key}`).join('')} from d where ${where}`;
  return `select ${[...names, ...marks, ...figures, 'count(*) as records'].join(', ')} from (${inner}) ${grouping}`;
}

function keyToSql({ field, bucket }: PivotDimension, { types, timeZone, fiscalYearStart }: Setting): string {
  const type = types[field];
  const number = (expression: string): string => `regexp_replace((${expression})::double::varchar, '\\.0$', '')`;
  if (bucket?.kind === 'bins') {
    // Hundredths are whole numbers, so that no bin is missed by a rounding error.
    const [size, from] = [Math.round(bucket.size * 100), Math.round((bucket.from ?? 0) * 100)];
    const bin = `floor((("${field}" * 100)::bigint - ${String(from)})::double / ${String(size)})`;
    return number(`(${bin} * ${String(size)} + ${String(from)}) / 100`);
  }
  if (type === 'date' || type === 'dateTime') {
    const day = type === 'date' ? `"${field}"` : `("${field}" at time zone '${timeZone}')::date`;
    return dateToSql(day, bucket?.kind === 'date' ? bucket.unit : 'day', String(fiscalYearStart));
  }
  return isNumber(type) ? number(`"${field}"`) : `"${field}"::varchar`;
}

const isNumber = (type: FieldType | undefined): boolean =>
  type === 'money' || type === 'number' || type === 'integer' || type === 'percent';

function dateToSql(day: string, unit: string, start: string): string {
  const fiscalYear = `(year(${day}) + case when ${start} > 1 and month(${day}) >= ${start} then 1 else 0 end)`;
  const units: Readonly<Record<string, string>> = {
    year: `strftime(${day}, '%Y')`,
    quarter: `year(${day}) || '-Q' || quarter(${day})`,
    month: `strftime(${day}, '%Y-%m')`,
    week: `printf('%d-W%02d', isoyear(${day}), week(${day}))`,
    day: `strftime(${day}, '%Y-%m-%d')`,
    weekday: `isodow(${day})::varchar`,
    fiscalYear: `${fiscalYear}::varchar`,
    fiscalQuarter: `${fiscalYear} || '-Q' || ((month(${day}) - ${start} + 12) % 12 // 3 + 1)`,
  };
  return `case when ${day} is null then null else ${units[unit] ?? ''} end`;
}

function measureToSql(measure: FieldMeasure, setting: Setting): string {
  const { types } = setting;
  const own = measure.filter === undefined ? 'true' : filterToSql(measure.filter, types, setting);
  if (measure.field === undefined) return `count(*) filter (where ${own})`;
  const value = numberToSql(measure.field, types[measure.field], measure.aggregation);
  const order = measure.orderBy === undefined ? 'slot' : numberToSql(measure.orderBy, types[measure.orderBy], 'first');
  const known = `(${own}) and ${value} is not null and ${order} is not null`;
  const forms: Readonly<Record<Aggregation, string>> = {
    count: `count(${value})`,
    sum: `sum(${value})`,
    average: `avg(${value})`,
    min: `min(${value})`,
    max: `max(${value})`,
    median: `quantile_cont((${value})::double, 0.5)`,
    distinct: `count(distinct ${value})`,
    first: `arg_min(${value}, (${order}, slot))`,
    last: `arg_max(${value}, (${order}, slot))`,
  };
  const isEdge = measure.aggregation === 'first' || measure.aggregation === 'last';
  return `(${forms[measure.aggregation]} filter (where ${isEdge ? known : own}))`.replace(
    /^\((.*)\)$/s,
    measure.aggregation === 'count' || measure.aggregation === 'distinct' ? '$1' : '($1)::double',
  );
}

/** Days since 1970, milliseconds, 0 and 1. */
function numberToSql(field: string, type: FieldType | undefined, aggregation: Aggregation): string {
  if (aggregation === 'count' || aggregation === 'distinct') return `"${field}"`;
  if (type === 'date') return `("${field}" - date '1970-01-01')`;
  if (type === 'dateTime') return `epoch_ms("${field}")`;
  return type === 'boolean' ? `"${field}"::int` : `"${field}"`;
}
