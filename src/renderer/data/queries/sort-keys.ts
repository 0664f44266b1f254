// Sorting 100,000 records compares keys made once per record, not values made anew in every comparison. Empty values
// come last in both directions, ties are broken by id, text ignores case and accents, closed lists keep their own order:
// the order of compareBySort, and stages in the order of their pipeline.
import { stagesOfPipeline, titleOf } from '#shared/query/record-titles.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import type { RecordSource } from '#renderer/data/record-mirror.ts';
import { isCustomSlot } from '#shared/entities/custom-field/custom-slots.ts';
import type { EntityDefinition, EntityName } from '#shared/entities/define-entity.ts';
import type { Sort } from '#shared/query/filter.ts';
import { typeOfField } from '#shared/query/evaluate-filter.ts';
import { foldText } from '#shared/query/words.ts';

type SortKey = string | number | null;

export interface SortEntry {
  readonly record: LocalRecord;
  readonly keys: readonly SortKey[];
}

export interface SortOrder {
  readonly toEntry: (record: LocalRecord) => SortEntry;
  readonly compare: (left: SortEntry, right: SortEntry) => number;
  /** Entities whose titles decide the order. */
  readonly dependsOn: ReadonlySet<EntityName>;
}

function createKeyReader(
  source: RecordSource,
  definition: EntityDefinition,
  field: string,
): (record: LocalRecord) => SortKey {
  const fieldDefinition = definition.fields[field];
  const isPerson = field === 'createdBy' || field === 'updatedBy';
  const to = isPerson ? 'user' : fieldDefinition?.type === 'reference' ? fieldDefinition.to : undefined;
  if (to !== undefined) {
    const keys = new Map<unknown, SortKey>();
    return (record) => {
      const id = record[field];
      if (typeof id !== 'string') return null;
      let key = keys.get(id);
      if (key === undefined) {
        const title = titleOf(source, to, id);
        keys.set(id, (key = title === null ? null : foldText(title)));
      }
      return key;
    };
  }
  if (definition.name === 'deal' && field === 'stageId') {
    return (record) =>
      stagesOfPipeline(source, record['pipelineId']).find((stage) => stage.id === record[field])?.order ?? null;
  }
  const type = typeOfField(definition, field);
  if (type === 'boolean') return (record) => (record[field] === true ? 1 : 0);
  if (type === 'select') {
    const ranks = new Map(fieldDefinition?.options?.map((option, rank) => [option.value, rank]));
    return (record) => ranks.get(String(record[field])) ?? null;
  }
  const isPlain = type === 'date' || type === 'dateTime';
  return (record) => {
    const value = record[field];
    if (typeof value === 'number') return value;
    const text = Array.isArray(value) ? value.join(' ') : value;
    if (typeof text !== 'string' || text === '') return null;
    return isPlain ? text : foldText(text);
  };
}

export function createSortOrder(source: RecordSource, definition: EntityDefinition, sort: readonly Sort[]): SortOrder {
  const directions = sort.map(({ direction }) => (direction === 'asc' ? 1 : -1));
  const dependsOn = new Set<EntityName>();
  for (const { field } of sort) {
    const to = definition.fields[field]?.to;
    if (to !== undefined) dependsOn.add(to);
    if (isCustomSlot(field) && definition.fields[field]?.type === 'select') dependsOn.add('customField');
    if (field === 'createdBy' || field === 'updatedBy') dependsOn.add('user');
    if (definition.name === 'deal' && field === 'stageId') dependsOn.add('pipeline');
  }
  const readers = sort.map(({ field }) => createKeyReader(source, definition, field));
  return {
    dependsOn,
    toEntry: (record) => ({ record, keys: readers.map((read) => read(record)) }),
    compare: (left, right) => {
      for (let index = 0; index < directions.length; index += 1) {
        const a = left.keys[index] ?? null;
        const b = right.keys[index] ?? null;
        if (a === b) continue;
        if (a === null) return 1;
        if (b === null) return -1;
        return a < b ? -(directions[index] ?? 1) : (directions[index] ?? 1);
      }
      return left.record.id < right.record.id ? -1 : left.record.id === right.record.id ? 0 : 1;
    },
  };
}
