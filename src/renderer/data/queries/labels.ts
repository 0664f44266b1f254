// Names for the ids in rows. An id without a name points to a record this user does not have; the screen says
// "not available" and never why.
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import type { RecordSource } from '#renderer/data/record-mirror.ts';
import type { EntityDefinition, EntityName } from '#shared/entities/define-entity.ts';
import { stagesOfPipeline, titleOf } from '#shared/query/record-titles.ts';
import { entities } from '#shared/entities/registry.ts';
import type { Labels } from '#shared/query/live-answer.ts';

export interface LabelsFound {
  readonly labels: Labels;
  /** All ids that were looked for, found or not: the answer changes when one of these records does. */
  readonly askedIds: ReadonlySet<string>;
}

const referencesOfEntity = new Map<EntityName, readonly (readonly [field: string, to: EntityName])[]>();

function referencesOf(definition: EntityDefinition): readonly (readonly [field: string, to: EntityName])[] {
  let known = referencesOfEntity.get(definition.name);
  if (known === undefined) {
    known = Object.entries(definition.fields).flatMap(([field, { type, to }]) =>
      (type === 'reference' || type === 'references') && to !== undefined ? [[field, to] as const] : [],
    );
    const people: readonly (readonly [string, EntityName])[] = [
      ['createdBy', 'user'],
      ['updatedBy', 'user'],
    ];
    known = [...known, ...people];
    referencesOfEntity.set(definition.name, known);
  }
  return known;
}

/** Fields that hold the id of a stage, which is named by the record's pipeline. */
const stageFields: Readonly<Partial<Record<EntityName, readonly string[]>>> = {
  deal: ['stageId'],
  stageChange: ['fromStage', 'toStage'],
};

export function collectLabels(source: RecordSource, records: Iterable<LocalRecord>): LabelsFound {
  const labels: Record<string, string> = {};
  const askedIds = new Set<string>();
  const pipelines = new Set<unknown>();
  function ask(to: EntityName, id: unknown): void {
    if (typeof id !== 'string' || askedIds.has(id)) return;
    askedIds.add(id);
    const title = titleOf(source, to, id);
    if (title !== null) labels[id] = title;
  }
  for (const record of records) {
    for (const [field, to] of referencesOf(entities[record.kind])) {
      const value = record[field];
      if (Array.isArray(value)) for (const id of value) ask(to, id);
      else ask(to, value);
    }
    if (stageFields[record.kind] !== undefined) pipelines.add(record['pipelineId']);
  }
  for (const pipelineId of pipelines) {
    for (const stage of stagesOfPipeline(source, pipelineId)) labels[stage.id] = stage.name;
  }
  return { labels, askedIds };
}
