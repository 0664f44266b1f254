// Completing a task from wherever it is shown. One that waits for others says which, and is completed only by whoever wants it nevertheless.
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useCallback, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { undoOfCompletion } from '#renderer/blocks/tasks/undo-of-completion.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { useRequest } from '#renderer/data/use-data.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { idsOf } from '#shared/entities/task/prerequisites.ts';
import { isOpenTask } from '#shared/entities/task/reminders.ts';
import { textOf } from '#shared/kernel/text-of.ts';

interface Question {
  readonly task: AnyRecord;
  readonly open: readonly { readonly id: string; readonly subject: string }[];
  readonly answer: (isDone: boolean) => void;
}

export function useCompleteTask(): {
  readonly complete: (task: AnyRecord) => Promise<boolean>;
  /** To be placed on the screen: it asks when a task waits for others. */
  readonly dialog: ReactNode;
} {
  const { t } = useTranslation();
  const run = useCommand();
  const request = useRequest();
  const [question, setQuestion] = useState<Question | null>(null);

  const finish = useCallback(
    async (id: string, anyway: boolean): Promise<boolean> => {
      const input = anyway ? { id, anyway } : { id };
      return (await run('completeTask', input, { done: t('task.completed'), undo: undoOfCompletion(id) })) !== null;
    },
    [run, t],
  );

  const complete = useCallback(
    async (task: AnyRecord): Promise<boolean> => {
      const ids = idsOf(task['prerequisiteIds']);
      const found =
        ids.length === 0 ? [] : await request('readFields', { entity: 'task', ids, fields: ['subject', 'status'] });
      const open = found.filter(({ values }) => isOpenTask(values));
      if (open.length === 0) return finish(task.id, false);
      return new Promise((resolve) => {
        setQuestion({
          task,
          open: open.map(({ id, values }) => ({ id, subject: textOf(values['subject']) })),
          answer: resolve,
        });
      });
    },
    [finish, request],
  );

  function close(isDone: boolean): void {
    question?.answer(isDone);
    setQuestion(null);
  }

  const dialog =
    question === null ? null : (
      <Modal
        opened
        onClose={() => close(false)}
        title={<Text fw={600}>{t('task.blocked.title')}</Text>}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <Stack gap="md">
          <Text size="sm">{t('task.blocked.text', { name: textOf(question.task['subject']) })}</Text>
          <ul style={{ margin: 0, paddingLeft: 18 }}>
            {question.open.map(({ id, subject }) => (
              <li key={id}>
                <Link to={`/tasks/${id}`} onClick={() => close(false)}>
                  {subject}
                </Link>
              </li>
            ))}
          </ul>
          <Group justify="flex-end" gap="xs">
            <Button
              variant="default"
              onClick={() => {
                const { task, answer } = question;
                setQuestion(null);
                void finish(task.id, true).then(answer);
              }}
            >
              {t('task.blocked.anyway')}
            </Button>
            <Button data-autofocus onClick={() => close(false)}>
              {t('common.cancel')}
            </Button>
          </Group>
        </Stack>
      </Modal>
    );
  return { complete, dialog };
}
