import { useMemo } from 'react';
import { useLive } from '#renderer/data/use-data.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { Labels } from '#shared/query/live-answer.ts';

export interface Stage {
  readonly id: string;
  readonly name: string;
  readonly type: 'open' | 'won' | 'lost';
  readonly probability: number;
}

export interface PipelineView {
  readonly id: string;
  readonly name: string;
  readonly stages: readonly Stage[];
}

function toStages(value: unknown): readonly Stage[] {
  return Array.isArray(value) ? (value as readonly Stage[]) : [];
}

/** All pipelines of the organization with their stages in order. */
export function usePipelines(): readonly PipelineView[] {
  const { data } = useLive('list', {
    entity: 'pipeline',
    sort: [{ field: 'name', direction: 'asc' }],
    offset: 0,
    limit: 100,
  });
  return useMemo(
    () =>
      (data?.rows ?? []).map((row) => ({
        id: row.id,
        name: textOf(row['name']),
        stages: toStages(row['stages']),
      })),
    [data],
  );
}

/** Names of stages by id, to lay over the labels of an answer: stages are part of a pipeline, not records. */
export function useStageLabels(): Labels {
  const pipelines = usePipelines();
  return useMemo(
    () => Object.fromEntries(pipelines.flatMap((pipeline) => pipeline.stages.map((stage) => [stage.id, stage.name]))),
    [pipelines],
  );
}
