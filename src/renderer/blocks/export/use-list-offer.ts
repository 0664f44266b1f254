// The export of a list: its rows as they are filtered and sorted, or only the chosen ones, with the columns that are shown
// or all there are.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import type { ExportChoice, ExportOffer, PreparedExport } from '#renderer/blocks/export/export-offer.ts';
import { useFilterText } from '#renderer/blocks/export/use-filter-text.ts';
import { useFieldModes } from '#renderer/blocks/use-field-modes.ts';
import { useOwnName } from '#renderer/blocks/use-own-name.ts';
import type { ListQuery } from '#renderer/data/data-contract.ts';
import type { EntityDefinition } from '#shared/entities/define-entity.ts';
import type { ExportFormat } from '#shared/export/export-table.ts';
import { recordColumn } from '#shared/export/record-columns.ts';
import { fieldsOfFilter } from '#shared/query/check-fields.ts';

interface ExportedList {
  readonly definition: EntityDefinition;
  readonly query: Omit<ListQuery, 'offset' | 'limit'>;
  /** The columns on the screen, and all there are. */
  readonly shown: readonly string[];
  readonly all: readonly string[];
  readonly chosenIds: ReadonlySet<string>;
  readonly total: number | null;
}

const instantNow = (): string => new Date().toISOString();

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

export function useListOffer(list: ExportedList): ExportOffer {
  const { t } = useTranslation();
  const names = useNames();
  const format = useFormat();
  const fieldModes = useFieldModes();
  const filterText = useFilterText();
  const ownName = useOwnName();
  const { definition, query, chosenIds } = list;
  const title = names.entities(definition);
  return useMemo(() => {
    async function prepare(
      wanted: readonly string[],
      ids: readonly string[] | null,
      form: ExportFormat,
    ): Promise<PreparedExport> {
      const visible = wanted.filter((field) => fieldModes.isShown(definition, field));
      const fields = withCurrency(definition, visible, form).filter((field) => fieldModes.isShown(definition, field));
      const columns = fields.map((field) =>
        recordColumn(definition, field, names.field(definition, field), (value) =>
          names.option(definition, field, value),
        ),
      );
      const subtitle = [
        t('export.by', { name: ownName, when: format.instant(instantNow()) }),
        ...(ids === null
          ? [
              ...(query.search === undefined ? [] : [t('export.search', { words: query.search })]),
              ...(query.filter === undefined ? [] : [await filterText(definition, query.filter)]),
            ]
          : [t('export.onlyChosen')]),
      ];
      return {
        table: { title, subtitle, columns: columns.map(({ column }) => column) },
        list: { query, columns, gone: t('common.notAvailable'), ...(ids === null ? {} : { ids }) },
        fields: fields.map((field) => ({ entity: definition.name, field })),
        leftOut: fieldsFor(wanted).map((field) => ({ entity: definition.name, field })),
        filteredBy: query.filter === undefined ? [] : fieldsOfFilter(query.filter),
      };
    }
    /** Of all columns, those that nobody shows this person are missed, too. */
    function fieldsFor(wanted: readonly string[]): readonly string[] {
      return wanted === list.all ? Object.keys(definition.fields) : wanted;
    }
    const all = list.total === null ? '' : format.number(list.total);
    const count = format.number(chosenIds.size);
    const choices: ExportChoice[] = [
      { value: 'shown', label: t('export.choices.shown', { all }), prepare: (form) => prepare(list.shown, null, form) },
      { value: 'all', label: t('export.choices.all', { all }), prepare: (form) => prepare(list.all, null, form) },
    ];
    if (chosenIds.size > 0) {
      choices.unshift({
        value: 'chosen',
        label: t('export.choices.chosen', { count: chosenIds.size, formatted: count }),
        prepare: (form) => prepare(list.shown, [...chosenIds], form),
      });
    }
    return { subject: { kind: 'records', entity: definition.name }, title, choices };
  }, [
    t,
    names,
    format,
    fieldModes,
    filterText,
    ownName,
    definition,
    query,
    chosenIds,
    title,
    list.shown,
    list.all,
    list.total,
  ]);
}
