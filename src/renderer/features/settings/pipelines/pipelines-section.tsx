// Settings › Pipelines: the ways deals take, and the stages of each. The first one is where a new deal stands unless another was
// chosen, so it stays; others go when no deal is in them.
import { ActionIcon, Button, Group, VisuallyHidden } from '@mantine/core';
import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { PendingMark } from '#renderer/blocks/pending-mark.tsx';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { pipelinesQuery } from '#renderer/blocks/use-pipelines.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { PipelineDialog } from '#renderer/features/settings/pipelines/pipeline-dialog.tsx';
import { usePipelineCounts } from '#renderer/features/settings/pipelines/use-deal-counts.ts';
import { DEFAULT_PIPELINE_ID } from '#shared/entities/default-pipeline.ts';
import { stagesOf } from '#shared/entities/pipeline/pipeline.ts';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from '../settings.module.css';

export function PipelinesSection() {
  const { t } = useTranslation();
  const format = useFormat();
  const can = useCan();
  const run = useCommand();
  const { data } = useLive('list', pipelinesQuery);
  const counts = usePipelineCounts();
  const [edited, setEdited] = useState<LocalRecord | 'new' | null>(null);
  const pipelines = data?.rows ?? [];

  function remove(record: LocalRecord): void {
    const input = { entity: 'pipeline', id: record.id };
    void run('deleteRecord', input, {
      done: t('pipelines.deleted'),
      undo: { command: 'restoreRecord', input, entity: 'pipeline', ids: [record.id], left: null },
    });
  }

  return (
    <>
      <h1>{t('settings.pipelines.title')}</h1>
      <p className={classes.lead}>{t('pipelines.text')}</p>
      {can('create', entities.pipeline) ? (
        <div className={classes.toolbar}>
          <Button size="xs" leftSection={<IconPlus size={15} />} onClick={() => setEdited('new')}>
            {t('pipelines.new')}
          </Button>
        </div>
      ) : null}
      {data !== undefined && pipelines.length === 0 ? <p className={classes.note}>{t('pipelines.none')}</p> : null}
      {pipelines.length === 0 ? null : (
        <table className={classes.table} data-testid="pipelines">
          <thead>
            <tr>
              <th scope="col">{t('pipelines.name')}</th>
              <th scope="col">{t('pipelines.stages')}</th>
              <th scope="col" className={classes.number}>
                {t('pipelines.deals')}
              </th>
              <th scope="col">
                <VisuallyHidden>{t('pipelines.actions')}</VisuallyHidden>
              </th>
            </tr>
          </thead>
          <tbody>
            {pipelines.map((record) => {
              const name = textOf(record['name']);
              const count = counts?.get(record.id) ?? 0;
              const isFirst = record.id === DEFAULT_PIPELINE_ID;
              const stays = isFirst ? t('pipelines.firstStays') : t('pipelines.filledStays', { count });
              const mayGo = counts !== null && count === 0 && !isFirst;
              return (
                <tr key={record.id} data-pipeline={record.id}>
                  <th scope="row">
                    {name} <PendingMark pending={record.pending} />
                  </th>
                  <td>
                    {stagesOf(record)
                      .map((stage) => stage.name)
                      .join(' › ')}
                  </td>
                  <td className={classes.number}>{counts === null ? '' : format.number(count)}</td>
                  <td>
                    <Group gap={4} wrap="nowrap" justify="flex-end">
                      {can('update', entities.pipeline, record) ? (
                        <ActionIcon
                          aria-label={t('pipelines.edit', { name })}
                          title={t('pipelines.edit', { name })}
                          onClick={() => setEdited(record)}
                        >
                          <IconPencil size={15} />
                        </ActionIcon>
                      ) : null}
                      {can('delete', entities.pipeline, record) ? (
                        <ActionIcon
                          aria-label={t('pipelines.delete', { name })}
                          title={mayGo ? t('pipelines.delete', { name }) : stays}
                          disabled={!mayGo}
                          onClick={() => remove(record)}
                        >
                          <IconTrash size={15} />
                        </ActionIcon>
                      ) : null}
                    </Group>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      {edited === null ? null : (
        <PipelineDialog
          key={edited === 'new' ? 'new' : edited.id}
          record={edited === 'new' ? null : edited}
          others={pipelines}
          onClose={() => setEdited(null)}
        />
      )}
    </>
  );
}
