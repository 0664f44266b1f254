// The file of a list: its rows as they are filtered and sorted, or only the chosen ones, with the columns that were shown or all
// there are. What this person does not see any more is not there.
import type { ExportMaker } from '#renderer/blocks/export/export-makers.ts';
import { filterTextOf } from '#renderer/blocks/export/filter-text.ts';
import type { EntityDefinition } from '#shared/entities/define-entity.ts';
import type { ExportFormat } from '#shared/export/export-table.ts';
import { recordColumn } from '#shared/export/record-columns.ts';
import { fieldsOfFilter } from '#shared/query/check-fields.ts';

/** Amounts in a file for programs need their currency beside them. */
function withCurrency(
  definition: EntityDefinition,
  fields: readonly string[],
  format: ExportFormat,
): readonly string[] {
  const isNeeded =
    format === 'csv' &&
    definition.fields['currency'] !== undefined &&
    !fields.includes('currency') &&
    fields.some((field) => definition.fields[field]?.type === 'money');
  return isNeeded ? [...fields, 'currency'] : fields;
}

export const makeList: ExportMaker<'list'> = async (context, { query, fields: wanted, isWhole, ids }, options) => {
  const { t, names, fieldModes, definitions, by } = context;
  const { entity } = query;
  const definition = definitions[entity];
  const visible = wanted.filter((field) => fieldModes.isShown(definition, field));
  const fields = withCurrency(definition, visible, options.form).filter((field) =>
    fieldModes.isShown(definition, field),
  );
  const columns = fields.map((field) =>
    recordColumn(definition, field, names.field(definition, field), (value) => names.option(definition, field, value)),
  );
  const about =
    ids !== undefined
      ? [t('export.onlyChosen')]
      : [
          ...(query.search === undefined ? [] : [t('export.search', { words: query.search })]),
          ...(query.filter === undefined ? [] : [await filterTextOf(context, definition, query.filter)]),
        ];
  const missed = isWhole ? Object.keys(definition.fields) : wanted;
  return {
    table: { title: options.title, subtitle: [by, ...about], columns: columns.map(({ column }) => column) },
    list: {
      query: { ...query, sort: fieldModes.sortable(definition, query.sort) },
      columns,
      gone: t('common.notAvailable'),
      ...(ids === undefined ? {} : { ids }),
    },
    fields: fields.map((field) => ({ entity, field })),
    leftOut: missed.map((field) => ({ entity, field })),
    filteredBy: query.filter === undefined ? [] : fieldsOfFilter(query.filter),
  };
};
