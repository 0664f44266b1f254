// The filter of a list in words, for the head of a document. Ids are called by their names.
import type { ExportContext } from '#renderer/blocks/export/export-context.ts';
import type { EntityDefinition } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { Filter } from '#shared/query/filter.ts';
import { conditionsOf, filterInWords, valuesOf } from '#shared/words/filter-words.ts';

async function namesOfIds(
  { client, stages }: ExportContext,
  definition: EntityDefinition,
  filter: Filter,
): Promise<Readonly<Record<string, string>>> {
  const places = conditionsOf(filter).flatMap((condition) => {
    const to = definition.fields[condition.field]?.to;
    if (to === undefined) return [];
    return valuesOf(condition).map((id) => ({ coll: entities[to].collection, id: textOf(id) }));
  });
  const found = places.length === 0 ? [] : await client.request('describePlaces', { places });
  return { ...(await stages()), ...Object.fromEntries(found.map(({ id, title }) => [id, title])) };
}

export async function filterTextOf(
  context: ExportContext,
  definition: EntityDefinition,
  filter: Filter,
): Promise<string> {
  const { t, names, format } = context;
  const labels = await namesOfIds(context, definition, filter);
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
}
