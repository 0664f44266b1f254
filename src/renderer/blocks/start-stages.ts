import type { TFunction } from 'i18next';
import { defaultStages } from '#shared/entities/default-pipeline.ts';
import type { Stage } from '#shared/entities/pipeline/pipeline.ts';

/** The stages a new pipeline begins with, in the language of whoever makes it. */
export function startStages(t: TFunction): readonly Stage[] {
  return defaultStages.map((stage) => ({ ...stage, name: t(`pipelines.startStages.${stage.id}`) }));
}
