import { Checkbox } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useCompleteTask } from '#renderer/blocks/tasks/use-complete-task.tsx';
import { useCan } from '#renderer/blocks/use-can.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';

/** Ticks a task off where it is listed. The focus goes on to the next task: this one leaves the list. */
export function TaskCheckbox(props: { readonly task: LocalRecord }) {
  const { t } = useTranslation();
  const { complete, dialog } = useCompleteTask();
  const can = useCan();
  const { task } = props;

  async function tick(element: HTMLElement): Promise<void> {
    const row = element.closest('li');
    const next = (row?.nextElementSibling ?? row?.previousElementSibling)?.querySelector<HTMLElement>('input');
    if (await complete(task)) next?.focus();
  }

  return (
    <>
      <Checkbox
        size="xs"
        checked={false}
        disabled={!can('update', entities.task, task)}
        aria-label={t('task.completeNamed', { name: textOf(task['subject']) })}
        onChange={(event) => void tick(event.currentTarget)}
      />
      {dialog}
    </>
  );
}
