import { Button } from '@mantine/core';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useAppDispatch, useAppSelector } from '#renderer/app/store/store.ts';
import { boardViewChanged } from '#renderer/app/store/view-slice.ts';
import { CreateRecordDialog } from '#renderer/blocks/create-record-dialog.tsx';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useFieldModes } from '#renderer/blocks/use-field-modes.ts';
import { useHasNoPipeline, usePipelines } from '#renderer/blocks/use-pipelines.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { Board } from '#renderer/features/pipeline/board.tsx';
import { NoPipeline } from '#renderer/features/pipeline/no-pipeline.tsx';
import { NO_RANGES, useBoardQuery } from '#renderer/features/pipeline/use-board-query.ts';
import { PipelineToolbar } from '#renderer/features/pipeline/pipeline-toolbar.tsx';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { Page } from '#renderer/ui/page.tsx';
import { entities } from '#shared/entities/registry.ts';

export function PipelineScreen() {
  const { t } = useTranslation();
  const format = useFormat();
  const dispatch = useAppDispatch();
  const view = useAppSelector((state) => state.view.board);
  const can = useCan();
  const fieldModes = useFieldModes();
  const pipelines = usePipelines();
  const hasNone = useHasNoPipeline();
  const [isCreating, setCreating] = useState(false);
  const [ranges, setRanges] = useState(NO_RANGES);
  const pipeline = pipelines.find((item) => item.id === view.pipelineId) ?? pipelines[0];
  const pipelineId = pipeline?.id;
  const { data } = useLive('board', useBoardQuery(ranges));
  // The same element as before is not drawn again.
  const dialog = useMemo(
    () => (
      <CreateRecordDialog
        entity="deal"
        isOpen={isCreating}
        {...(pipelineId === undefined ? {} : { initial: { pipelineId } })}
        onClose={() => setCreating(false)}
        isStaying
      />
    ),
    [isCreating, pipelineId],
  );
  const seesAmounts = ['amount', 'probability'].every((field) => fieldModes.isKnown(entities.deal, field));
  const open = data?.stages.filter((stage) => stage.type === 'open').map((stage) => stage.id) ?? [];
  const cells = Object.entries(data?.cells ?? {}).filter(([key]) => open.includes(key.split('|')[0] ?? ''));
  const sum = (pick: (cell: { count: number; total: number; weighted: number }) => number): number =>
    cells.reduce((total, [, cell]) => total + pick(cell), 0);

  return (
    <Page
      title={t('nav.pipeline')}
      subtitle={
        data === undefined
          ? ' '
          : seesAmounts
            ? t('pipeline.summary', {
                count: sum((cell) => cell.count),
                total: format.money(
                  sum((cell) => cell.total),
                  data.currency,
                  'short',
                ),
                weighted: format.money(
                  sum((cell) => cell.weighted),
                  data.currency,
                  'short',
                ),
              })
            : t('home.numbers.deals', {
                count: sum((cell) => cell.count),
                formatted: format.number(sum((cell) => cell.count)),
              })
      }
      isFilled
      actions={
        can('create', entities.deal) && !hasNone ? (
          <Button leftSection={<IconPlus size={15} />} onClick={() => setCreating(true)}>
            {t('pipeline.newDeal')}
          </Button>
        ) : null
      }
      toolbar={hasNone ? undefined : <PipelineToolbar pipelines={pipelines} pipelineId={pipeline?.id ?? null} />}
    >
      {hasNone || data?.stages.length === 0 ? (
        <NoPipeline />
      ) : data === undefined ? null : data.lanes.length === 0 ? (
        <EmptyState
          icon={<IconSearch size={30} stroke={1.4} />}
          title={t('list.noneMatch')}
          text={t('list.noneMatchText')}
          action={{
            label: t('list.clearFilter'),
            onClick: () => dispatch(boardViewChanged({ search: '', ownerId: null, onlyStale: false })),
          }}
        />
      ) : (
        <Board
          board={data}
          onRange={(cell, offset, limit) => setRanges((before) => ({ ...before, [cell]: { offset, limit } }))}
        />
      )}
      {dialog}
    </Page>
  );
}
