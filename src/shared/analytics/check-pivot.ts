// A specification comes back from storage and from other computers: before it is worked out it is checked to be one, of a
// size that is answered at once, over fields that exist for whoever asks.
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { ExportedField } from '#shared/access/exported-fields.ts';
import type { FieldPolicy } from '#shared/access/field-policy.ts';
import { inputsOfStep, isFieldVisible, pivotFieldAt } from '#shared/analytics/pivot-fields.ts';
import { isPivotSource } from '#shared/analytics/pivot-source.ts';
import { aggregations, dateUnits, displays, type PivotSpec } from '#shared/analytics/pivot-spec.ts';
import { isPastVisible } from '#shared/analytics/past/past-fields.ts';
import { isDay } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { fieldsOfFilter } from '#shared/query/check-fields.ts';
import { isFilterShape } from '#shared/query/is-filter.ts';

const MOST_DIMENSIONS = 8;
const MOST_VALUES = 20;

const Path = Type.String({ minLength: 1, maxLength: 200 });
const Label = Type.String({ maxLength: 120 });
const Id = Type.String({ minLength: 1, maxLength: 40 });
const Direction = Type.Enum(['asc', 'desc']);

const Dimension = Type.Object({
  field: Path,
  bucket: Type.Optional(
    Type.Union([
      Type.Object({ kind: Type.Literal('date'), unit: Type.Enum([...dateUnits]) }),
      Type.Object({
        kind: Type.Literal('bins'),
        size: Type.Number({ exclusiveMinimum: 0 }),
        from: Type.Optional(Type.Number()),
      }),
    ]),
  ),
  top: Type.Optional(
    Type.Object({ count: Type.Integer({ minimum: 1, maximum: 10_000 }), measure: Id, others: Type.Boolean() }),
  ),
  sort: Type.Optional(
    Type.Object({ by: Type.Enum(['label', 'measure']), measure: Type.Optional(Id), direction: Direction }),
  ),
});

const base = { id: Id, label: Type.Optional(Label), display: Type.Optional(Type.Enum([...displays])) };

const Measure = Type.Union([
  Type.Object({
    ...base,
    kind: Type.Literal('field'),
    aggregation: Type.Enum([...aggregations]),
    field: Type.Optional(Path),
    orderBy: Type.Optional(Path),
    filter: Type.Optional(Type.Unknown()),
  }),
  Type.Object({
    ...base,
    kind: Type.Literal('formula'),
    formula: Type.String({ maxLength: 500 }),
    format: Type.Optional(Type.Enum(['number', 'percent', 'money'])),
  }),
]);

const Spec = Type.Object({
  source: Type.String(),
  filter: Type.Optional(Type.Unknown()),
  rows: Type.Array(Dimension, { maxItems: MOST_DIMENSIONS }),
  columns: Type.Array(Dimension, { maxItems: MOST_DIMENSIONS }),
  values: Type.Array(Measure, { maxItems: MOST_VALUES }),
  asOf: Type.Optional(Type.String()),
});

/** True for a specification in form, whatever fields it names. */
export function isPivotSpec(value: unknown): value is PivotSpec {
  if (!Value.Check(Spec, value) || !isPivotSource(value.source)) return false;
  if (value.asOf !== undefined && !isDay(value.asOf)) return false;
  const filters = [
    value.filter,
    ...value.values.map((measure) => (measure.kind === 'field' ? measure.filter : undefined)),
  ];
  const ids = value.values.map(({ id }) => id);
  return filters.every((filter) => filter === undefined || isFilterShape(filter)) && new Set(ids).size === ids.length;
}

/** Every field a pivot names, once. */
export function fieldsOfSpec(spec: PivotSpec): readonly string[] {
  const named = new Set<string>();
  for (const { field } of [...spec.rows, ...spec.columns]) named.add(field);
  for (const measure of spec.values) {
    if (measure.kind !== 'field') continue;
    if (measure.field !== undefined) named.add(measure.field);
    if (measure.orderBy !== undefined) named.add(measure.orderBy);
    if (measure.filter !== undefined) for (const field of fieldsOfFilter(measure.filter)) named.add(field);
  }
  if (spec.filter !== undefined) for (const field of fieldsOfFilter(spec.filter)) named.add(field);
  return [...named];
}

/** The fields of records that a pivot is made of, each as often as it is used. */
export function inputsOfSpec(spec: PivotSpec): readonly ExportedField[] {
  return fieldsOfSpec(spec).flatMap((path) =>
    (pivotFieldAt(spec.source, path)?.steps ?? []).flatMap((step) =>
      inputsOfStep(step).map((field) => ({ entity: step.entity, field })),
    ),
  );
}

/** Fields of a pivot that do not exist (any more), or that this person does not see: nobody is told which. */
export function missingFields(spec: PivotSpec, policy: FieldPolicy | undefined): readonly string[] {
  return fieldsOfSpec(spec).filter((path) => {
    const field = pivotFieldAt(spec.source, path);
    const isSeen = field !== null && isFieldVisible(policy, field);
    return !isSeen || (spec.asOf !== undefined && !isPastVisible(policy, field.steps));
  });
}

/** @throws OutpostError `invalid` for what is no pivot, and for a field that does not exist for this person. */
export function checkPivot(spec: unknown, policy: FieldPolicy | undefined): asserts spec is PivotSpec {
  if (!isPivotSpec(spec)) throw new OutpostError('invalid', 'This is not a pivot.');
  const [missing] = missingFields(spec, policy);
  if (missing !== undefined) {
    throw new OutpostError('invalid', `There is no field “${missing}”.`, { problems: [`${missing}:unknown`] });
  }
}
