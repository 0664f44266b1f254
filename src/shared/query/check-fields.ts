// A question about a field somebody does not see is refused like one about a field that nobody defined: its answer, a
// count or an order, would tell about the values.
import { isPlainlyVisible, type FieldPolicy } from '#shared/access/field-policy.ts';
import type { EntityDefinition } from '#shared/entities/define-entity.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { typeOfField } from '#shared/query/evaluate-filter.ts';
import type { Filter, Sort } from '#shared/query/filter.ts';

/** Figures that are made of fields. */
const inputsOfFigures: Readonly<Record<string, readonly string[]>> = { weighted: ['amount', 'probability'] };

/** What a question names. */
export interface AskedFields {
  readonly filter?: Filter;
  readonly sort?: readonly Sort[];
  readonly groupBy?: string | null;
  readonly sums?: readonly string[];
}

/** Fields a filter names. */
export function fieldsOfFilter(filter: Filter): readonly string[] {
  if ('and' in filter) return filter.and.flatMap(fieldsOfFilter);
  if ('or' in filter) return filter.or.flatMap(fieldsOfFilter);
  if ('not' in filter) return fieldsOfFilter(filter.not);
  return [filter.field];
}

/** @throws OutpostError `invalid` for the first field that does not exist for this user. */
export function checkAskedFields(
  policy: FieldPolicy | undefined,
  definition: EntityDefinition,
  asked: AskedFields,
): void {
  if (policy === undefined || policy[definition.name] === undefined) return;
  const named = [
    ...(asked.filter === undefined ? [] : fieldsOfFilter(asked.filter)),
    ...(asked.sort ?? []).map(({ field }) => field),
    ...(typeof asked.groupBy === 'string' ? [asked.groupBy] : []),
    ...(asked.sums ?? []).flatMap((figure) => inputsOfFigures[figure] ?? [figure]),
  ];
  for (const field of named) {
    const isKnown = typeOfField(definition, field) !== undefined;
    const isOwn = Object.hasOwn(definition.fields, field) && field !== 'ownerId' && field !== 'teamId';
    if (!isKnown || (isOwn && !isPlainlyVisible(policy, definition.name, field))) {
      throw new OutpostError('invalid', 'There is no such field.', { problems: ['field:unknown'] });
    }
  }
}
