import { IconLayoutKanban } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { startStages } from '#renderer/blocks/start-stages.ts';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { DEFAULT_PIPELINE_ID } from '#shared/entities/default-pipeline.ts';
import { entities } from '#shared/entities/registry.ts';

/** What a pipeline is, and how the organization gets one: made here by whoever may, asked for by the others. */
export function NoPipeline() {
  const { t } = useTranslation();
  const run = useCommand();
  const mayMake = useCan()('create', entities.pipeline);

  function make(): void {
    // By the id deals without a pipeline have, so that they stand on the board, too.
    const values = { name: t('pipeline.firstName'), stages: startStages(t), isDefault: true, isActive: true };
    void run(
      'createRecord',
      { entity: 'pipeline', id: DEFAULT_PIPELINE_ID, values },
      { done: t('pipeline.firstMade') },
    );
  }

  return (
    <EmptyState
      icon={<IconLayoutKanban size={32} stroke={1.4} />}
      title={t('pipeline.none')}
      text={t(mayMake ? 'pipeline.noneTextMaking' : 'pipeline.noneText')}
      action={mayMake ? { label: t('pipeline.makeFirst'), onClick: make } : undefined}
    />
  );
}
