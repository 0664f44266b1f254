import { useMemo } from 'react';
import type { ListResult, LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { DEFAULT_PIPELINE_ID } from '#shared/entities/default-pipeline.ts';
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

export const pipelinesQuery = {
  entity: 'pipeline',
  sort: [{ field: 'name', direction: 'asc' }],
  offset: 0,
  limit: 100,
} as const;

function pipelinesOf(rows: readonly LocalRecord[]): readonly PipelineView[] {
  const pipelines = rows.map((row) => ({ id: row.id, name: textOf(row['name']), stages: toStages(row['stages']) }));
  const isFirst = ({ id }: PipelineView): boolean => id === DEFAULT_PIPELINE_ID;
  return [...pipelines.filter(isFirst), ...pipelines.filter((pipeline) => !isFirst(pipeline))];
}

/** All pipelines of the organization with their stages in order; first the one where new deals begin. */
export function usePipelines(): readonly PipelineView[] {
  const { data } = useLive('list', pipelinesQuery);
  return useMemo(() => pipelinesOf(data?.rows ?? []), [data]);
}

/** Known only once the answer is here: before that there may be some. */
export function useHasNoPipeline(): boolean {
  return useLive('list', pipelinesQuery).data?.total === 0;
}

const labelsOf = (pipelines: readonly PipelineView[]): Labels =>
  Object.fromEntries(pipelines.flatMap((pipeline) => pipeline.stages.map((stage) => [stage.id, stage.name])));

/** The same as `useStageLabels`, of an answer. */
export const stageLabelsOf = ({ rows }: Pick<ListResult, 'rows'>): Labels => labelsOf(pipelinesOf(rows));

/** Names of stages by id, to lay over the labels of an answer: stages are part of a pipeline, not records. */
export function useStageLabels(): Labels {
  const pipelines = usePipelines();
  return useMemo(() => labelsOf(pipelines), [pipelines]);
}
