// The filter of a list in words, for the head of a document. Ids are called by their names.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useStageLabels } from '#renderer/blocks/use-pipelines.ts';
import { useRequest } from '#renderer/data/use-data.ts';
import type { EntityDefinition } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { Filter } from '#shared/query/filter.ts';
import { conditionsOf, filterInWords, valuesOf } from '#shared/words/filter-words.ts';

export type FilterText = (definition: EntityDefinition, filter: Filter) => Promise<string>;

export function useFilterText(): FilterText {
  const { t } = useTranslation();
  const names = useNames();
  const format = useFormat();
  const request = useRequest();
  const stages = useStageLabels();
  return useMemo(() => {
    async function namesOfIds(definition: EntityDefinition, filter: Filter): Promise<Readonly<Record<string, string>>> {
      const places = conditionsOf(filter).flatMap((condition) => {
        const to = definition.fields[condition.field]?.to;
        if (to === undefined) return [];
        return valuesOf(condition).map((id) => ({ coll: entities[to].collection, id: textOf(id) }));
      });
      const found = places.length === 0 ? [] : await request('describePlaces', { places });
      return { ...stages, ...Object.fromEntries(found.map(({ id, title }) => [id, title])) };
    }

    return async (definition, filter) => {
      const labels = await namesOfIds(definition, filter);
      return filterInWords(t, filter, {
        field: (field) => names.field(definition, field),
        value(field, value) {
          const text = textOf(value);
          const found = definition.fields[field];
          if (found?.type === 'money') return format.amount(Number(text), 'EUR');
          if (found?.type === 'date') return format.day(text);
          if (found?.type === 'select' || found?.type === 'multiSelect') return names.option(definition, field, text);
          const isName = found?.to !== undefined || field === 'stageId';
          return isName ? (labels[text] ?? t('common.notAvailable')) : text;
        },
      });
    };
  }, [t, names, format, request, stages]);
}
