// Records by the value of one field, e.g. the tasks of a deal; of a field with several values by each of them. An index is built when it is first asked for and then
// follows every change.
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import type { RecordSource } from '#renderer/data/record-mirror.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';

export interface FieldIndex {
  find(entity: EntityName, field: string, value: string): readonly LocalRecord[];
}

function textsOf(value: unknown): readonly string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((each) => typeof each === 'string');
}

export function createFieldIndex(source: RecordSource): FieldIndex {
  const indexes = new Map<string, { entity: EntityName; field: string; ids: Map<string, Set<string>> }>();

  function add(ids: Map<string, Set<string>>, values: unknown, id: string): void {
    for (const value of textsOf(values)) {
      const known = ids.get(value);
      if (known === undefined) ids.set(value, new Set([id]));
      else known.add(id);
    }
  }

  source.subscribe((changes) => {
    for (const { entity, field, ids } of indexes.values()) {
      for (const change of changes) {
        if (change.entity !== entity || change.before?.[field] === change.after?.[field]) continue;
        for (const old of textsOf(change.before?.[field])) ids.get(old)?.delete(change.id);
        add(ids, change.after?.[field], change.id);
      }
    }
  });

  return {
    find(entity, field, value) {
      const key = `${entity} ${field}`;
      let index = indexes.get(key);
      if (index === undefined) {
        index = { entity, field, ids: new Map() };
        for (const record of source.all(entity).values()) add(index.ids, record[field], record.id);
        indexes.set(key, index);
      }
      return [...(index.ids.get(value) ?? [])].flatMap((id) => source.get(entity, id) ?? []);
    },
  };
}
