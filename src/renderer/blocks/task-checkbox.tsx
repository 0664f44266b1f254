import { Checkbox } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Undo } from '#renderer/blocks/undo-link.tsx';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';

export function undoOfCompletion(id: string): Undo {
  return { command: 'reopenTask', input: { id }, entity: 'task', ids: [id], left: { status: 'done' } };
}

/** Ticks a task off where it is listed. The focus goes on to the next task: this one leaves the list. */
export function TaskCheckbox(props: { readonly task: LocalRecord }) {
  const { t } = useTranslation();
  const run = useCommand();
  const can = useCan();
  const { task } = props;

  async function complete(element: HTMLElement): Promise<void> {
    const row = element.closest('li');
    const next = (row?.nextElementSibling ?? row?.previousElementSibling)?.querySelector<HTMLElement>('input');
    const outcome = await run(
      'completeTask',
      { id: task.id },
      { done: t('task.completed'), undo: undoOfCompletion(task.id) },
    );
    if (outcome !== null) next?.focus();
  }

  return (
    <Checkbox
      size="xs"
      checked={false}
      disabled={!can('update', entities.task, task)}
      aria-label={t('task.completeNamed', { name: textOf(task['subject']) })}
      onChange={(event) => void complete(event.currentTarget)}
    />
  );
}
