// A filter in words, for the head of a document: what the rows in it have in common. Ids are called by their names.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useStageLabels } from '#renderer/blocks/use-pipelines.ts';
import { useRequest } from '#renderer/data/use-data.ts';
import type { EntityDefinition } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { FieldFilter, Filter } from '#shared/query/filter.ts';

export type FilterText = (definition: EntityDefinition, filter: Filter) => Promise<string>;

function conditionsOf(filter: Filter): readonly FieldFilter[] {
  if ('and' in filter) return filter.and.flatMap(conditionsOf);
  if ('or' in filter) return filter.or.flatMap(conditionsOf);
  if ('not' in filter) return conditionsOf(filter.not);
  return [filter];
}

function valuesOf({ value }: FieldFilter): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

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

    function valueText(
      definition: EntityDefinition,
      condition: FieldFilter,
      value: unknown,
      labels: Readonly<Record<string, string>>,
    ): string {
      const { field, op } = condition;
      const text = textOf(value);
      if (op === 'withinDays' || op === 'olderThanDays') return `${text} ${t('filter.days')}`;
      const found = definition.fields[field];
      if (found?.type === 'money') return format.amount(Number(text), 'EUR');
      if (found?.type === 'date') return format.day(text);
      if (found?.type === 'select' || found?.type === 'multiSelect') return names.option(definition, field, text);
      if (value === true || value === false) return value ? t('common.yes') : t('common.no');
      const isName = found?.to !== undefined || field === 'stageId';
      return isName ? (labels[text] ?? t('common.notAvailable')) : text;
    }

    function conditionText(
      definition: EntityDefinition,
      condition: FieldFilter,
      labels: Readonly<Record<string, string>>,
    ): string {
      const { field, op } = condition;
      const values = op === 'isEmpty' || op === 'isNotEmpty' ? [] : valuesOf(condition);
      const words = values.map((value) => valueText(definition, condition, value, labels)).join(', ');
      return [names.field(definition, field), t(`filter.op.${op}`), words].filter((part) => part !== '').join(' ');
    }

    function textOfFilter(
      definition: EntityDefinition,
      filter: Filter,
      labels: Readonly<Record<string, string>>,
    ): string {
      const part = (inner: Filter): string => textOfFilter(definition, inner, labels);
      if ('and' in filter) return filter.and.map(part).join(` ${t('export.and')} `);
      if ('or' in filter) return `(${filter.or.map(part).join(` ${t('export.or')} `)})`;
      if ('not' in filter) return `${t('export.not')} (${part(filter.not)})`;
      return conditionText(definition, filter, labels);
    }

    return async (definition, filter) =>
      t('export.filter', {
        conditions: textOfFilter(definition, filter, await namesOfIds(definition, filter)),
        interpolation: { escapeValue: false },
      });
  }, [t, names, format, request, stages]);
}
