import { Select, UnstyledButton } from '@mantine/core';
import { IconCheck, IconTrophy, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CloseDealDialog } from '#renderer/blocks/close-deal-dialog.tsx';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { usePipelines, type Stage } from '#renderer/blocks/use-pipelines.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import classes from './stage-path.module.css';

/** The way of a deal through its pipeline: done, current, to come; a click moves it there. */
export function StagePath(props: { readonly deal: LocalRecord; readonly isLocked: boolean }) {
  const { t } = useTranslation();
  const run = useCommand();
  const pipelines = usePipelines();
  const [closing, setClosing] = useState<'won' | 'lost' | null>(null);
  const pipeline = pipelines.find((item) => item.id === props.deal['pipelineId']) ?? pipelines[0];
  if (pipeline === undefined) return null;
  const current = pipeline.stages.findIndex((stage) => stage.id === props.deal['stageId']);
  const isClosed = props.deal['status'] === 'won' || props.deal['status'] === 'lost';

  function go(stage: Stage): void {
    if (stage.id === props.deal['stageId']) return;
    if (stage.type !== 'open') setClosing(stage.type);
    else if (isClosed) void run('reopenDeal', { id: props.deal.id, stageId: stage.id });
    else
      void run(
        'moveDeal',
        { id: props.deal.id, stageId: stage.id },
        {
          done: t('deal.moved', { stage: stage.name }),
          undo: {
            command: 'moveDeal',
            input: { id: props.deal.id, stageId: props.deal['stageId'] },
            entity: 'deal',
            ids: [props.deal.id],
            left: { stageId: stage.id },
          },
        },
      );
  }

  /** A deal that changes its way begins it with the first stage. */
  function changeWay(pipelineId: string | null): void {
    const next = pipelines.find(({ id }) => id === pipelineId);
    if (next === undefined || next.id === pipeline?.id) return;
    const { id } = props.deal;
    const former = { pipelineId: props.deal['pipelineId'], stageId: props.deal['stageId'] };
    void run(
      'updateRecord',
      { entity: 'deal', id, values: { pipelineId: next.id } },
      {
        done: t('deal.moved', { stage: next.name }),
        undo: {
          command: 'updateRecord',
          input: { entity: 'deal', id, values: former },
          entity: 'deal',
          ids: [id],
          left: { pipelineId: next.id },
        },
      },
    );
  }

  return (
    <>
      {pipelines.length > 1 ? (
        <Select
          size="xs"
          w={200}
          mb={8}
          aria-label={t('pipeline.choose')}
          allowDeselect={false}
          disabled={props.isLocked || isClosed}
          data={pipelines.map(({ id, name }) => ({ value: id, label: name }))}
          value={pipeline.id}
          onChange={changeWay}
        />
      ) : null}
      <ol className={classes.path} aria-label={t('deal.stagePath')}>
        {pipeline.stages.map((stage, index) => {
          const state =
            index === current
              ? stage.type === 'open'
                ? 'current'
                : stage.type
              : index < current && props.deal['status'] !== 'lost'
                ? 'done'
                : 'ahead';
          return (
            <li key={stage.id} className={classes.item}>
              <UnstyledButton
                className={classes.stage}
                data-state={state}
                aria-current={index === current ? 'step' : undefined}
                disabled={props.isLocked}
                onClick={() => go(stage)}
              >
                {state === 'done' ? <IconCheck size={14} aria-hidden /> : null}
                {state === 'won' ? <IconTrophy size={14} aria-hidden /> : null}
                {state === 'lost' ? <IconX size={14} aria-hidden /> : null}
                {stage.name}
              </UnstyledButton>
            </li>
          );
        })}
      </ol>
      <CloseDealDialog
        deal={closing === null ? null : props.deal}
        outcome={closing ?? 'won'}
        onClose={() => setClosing(null)}
      />
    </>
  );
}
