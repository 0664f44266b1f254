import { isPlainObject } from '#shared/kernel/json.ts';
import { defineEntity, type FieldProblem, type RecordOf } from '#shared/entities/define-entity.ts';
import { forecastCategories, type ForecastCategory } from '#shared/entities/deal/deal.ts';
import { extraFields, extraPolicies, ownershipFields } from '#shared/entities/record-fields.ts';

export const stageTypes = ['open', 'won', 'lost'] as const;
export type StageType = (typeof stageTypes)[number];

/** A step of a pipeline. `probability` is percent 0–100. */
export interface Stage {
  readonly id: string;
  readonly name: string;
  readonly type: StageType;
  readonly probability: number;
  readonly forecastCategory: ForecastCategory;
  readonly order: number;
}

/** The way of a deal from first contact to the end (CRM-07). Stages are one value: their order is changed as a whole. */
export const pipeline = defineEntity({
  name: 'pipeline',
  collection: 'catalog',
  label: 'Pipeline',
  labelPlural: 'Pipelines',
  titleField: 'name',
  audience: 'tenant',
  fields: {
    name: { type: 'text', label: 'Name', required: true, listed: true },
    stages: { type: 'json', label: 'Stages', required: true },
    isDefault: { type: 'boolean', label: 'Default', listed: true },
    isActive: { type: 'boolean', label: 'In use', defaultValue: true, listed: true },
    /** Days in one stage after which a deal counts as stale, while history is too short to say. */
    staleAfterDays: { type: 'integer', label: 'Stale after days', defaultValue: 30 },
    ...ownershipFields,
    ...extraFields,
  },
  mergePolicies: { ...extraPolicies, stages: 'manual', isDefault: 'current' },
  validate: validatePipeline,
});
export type Pipeline = RecordOf<typeof pipeline>;

function isStage(value: unknown): value is Stage {
  if (!isPlainObject(value)) return false;
  const { id, name, type, probability, forecastCategory, order } = value;
  return (
    typeof id === 'string' &&
    id !== '' &&
    typeof name === 'string' &&
    stageTypes.some((known) => known === type) &&
    typeof probability === 'number' &&
    probability >= 0 &&
    probability <= 100 &&
    forecastCategories.some((known) => known === forecastCategory) &&
    typeof order === 'number'
  );
}

/** The stages of a pipeline record in their order; empty when the record is absent or its stages cannot be read. */
export function stagesOf(record: object | null | undefined): readonly Stage[] {
  const stages = isPlainObject(record) ? record['stages'] : undefined;
  if (!Array.isArray(stages)) return [];
  return stages.filter(isStage).sort((a, b) => a.order - b.order);
}

function validatePipeline(record: Readonly<Record<string, unknown>>): readonly FieldProblem[] {
  const stages = record['stages'];
  if (!Array.isArray(stages) || !stages.every(isStage)) {
    return [
      { field: 'stages', code: 'stages', message: 'Each stage needs a name, a type, a probability and a category.' },
    ];
  }
  if (new Set(stages.map((stage) => stage.id)).size !== stages.length) {
    return [{ field: 'stages', code: 'stageIds', message: 'Two stages have the same id.' }];
  }
  const missing = stageTypes.filter((type) => !stages.some((stage) => stage.type === type));
  if (missing.length === 0) return [];
  return [{ field: 'stages', code: 'stageTypes', message: 'A pipeline needs an open, a won and a lost stage.' }];
}
