import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { entities } from '#shared/entities/registry.ts';
import { idsOf } from '#shared/entities/task/prerequisites.ts';
import { isOpenTask } from '#shared/entities/task/reminders.ts';

/** Joins a collaborative task, or leaves it. */
export function JoinButton(props: { readonly task: LocalRecord }) {
  const { t } = useTranslation();
  const run = useCommand();
  const { task } = props;
  const userId = useAppSelector(({ device }) =>
    device.session?.status === 'signedIn' ? device.session.actor.userId : '',
  );
  const canUpdate = useCan()('update', entities.task, task);
  if (task['visibility'] !== 'collaborative' || task.ownerId === userId || !canUpdate || !isOpenTask(task)) return null;
  const isIn = idsOf(task['participantIds']).includes(userId);
  return (
    <Button
      variant="default"
      onClick={() =>
        void run('joinTask', { id: task.id, leaves: isIn }, { done: t(isIn ? 'task.left' : 'task.joined') })
      }
    >
      {t(isIn ? 'task.leave' : 'task.join')}
    </Button>
  );
}
