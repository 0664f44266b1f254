// The records as another role would see them: the same objects of the mirror, each put through `project()` when it is
// first looked at. What the role does not reach is not there.
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import type { RecordChange, RecordSource } from '#renderer/data/record-mirror.ts';
import type { Actor } from '#shared/access/actor.ts';
import { project, type Masker } from '#shared/access/project.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';

export interface ProjectedSource extends RecordSource {
  /** Ends all subscriptions. */
  stop(): void;
}

export function createProjectedSource(source: RecordSource, actor: Actor, mask: Masker): ProjectedSource {
  const listeners = new Set<(changes: readonly RecordChange[]) => void>();
  const seen = new WeakMap<LocalRecord, LocalRecord | null>();
  const whole = new Map<EntityName, Map<string, LocalRecord>>();

  function see(record: LocalRecord | undefined): LocalRecord | undefined {
    if (record === undefined) return undefined;
    const known = seen.get(record);
    if (known !== undefined) return known ?? undefined;
    const visible = project(actor, entities[record.kind], record, mask);
    const shown = visible === null ? null : { ...visible, pending: record.pending };
    seen.set(record, shown);
    return shown ?? undefined;
  }

  function follow(changes: readonly RecordChange[]): readonly RecordChange[] {
    return changes.flatMap(({ entity, id, before, after }) => {
      const change = { entity, id, before: see(before), after: see(after) };
      if (change.before === undefined && change.after === undefined) return [];
      const map = whole.get(entity);
      if (change.after === undefined) map?.delete(id);
      else map?.set(id, change.after);
      return [change];
    });
  }

  const unsubscribe = source.subscribe((changes) => {
    const shown = follow(changes);
    if (shown.length > 0) for (const listener of listeners) listener(shown);
  });

  return {
    get: (entity, id) => see(source.get(entity, id)),
    all(entity) {
      const known = whole.get(entity);
      if (known !== undefined) return known;
      const map = new Map<string, LocalRecord>();
      for (const record of source.all(entity).values()) {
        const shown = see(record);
        if (shown !== undefined) map.set(record.id, shown);
      }
      whole.set(entity, map);
      return map;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    stop: unsubscribe,
  };
}
