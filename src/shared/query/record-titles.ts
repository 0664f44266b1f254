// What ids are called: the title of a record, the name of a stage.
import { maskedTextOf } from '#shared/access/field-policy.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { stagesOf, type Stage } from '#shared/entities/pipeline/pipeline.ts';
import { entities } from '#shared/entities/registry.ts';
import type { RecordSource } from '#shared/query/record-source.ts';

/** Null for a record this user does not have; the screen says "not available" and never why. */
export function titleOf(source: RecordSource, entity: EntityName, id: string): string | null {
  const record = source.get(entity, id);
  if (record === undefined) return null;
  const title = record[entities[entity].titleField];
  return typeof title === 'string' && title !== '' ? title : maskedTextOf(title);
}

export function stagesOfPipeline(source: RecordSource, pipelineId: unknown): readonly Stage[] {
  return typeof pipelineId === 'string' ? stagesOf({ stages: source.get('pipeline', pipelineId)?.['stages'] }) : [];
}
