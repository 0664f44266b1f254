import { SimpleGrid, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { FieldInput } from '#renderer/blocks/field-input.tsx';
import { entities } from '#shared/entities/registry.ts';
import { toLocalDay } from '#shared/kernel/local-day.ts';

export interface FollowUp {
  readonly subject: string;
  readonly dueDate: unknown;
}

const DAY_MS = 86_400_000;
const FOLLOW_UP_DAYS = 7;

export function newFollowUp(): FollowUp {
  return { subject: '', dueDate: toLocalDay(new Date(Date.now() + FOLLOW_UP_DAYS * DAY_MS)) };
}

export function isFollowUpComplete({ subject, dueDate }: FollowUp): boolean {
  return subject.trim() !== '' && (dueDate ?? null) !== null;
}

/** What is to be done next, and until when. */
export function FollowUpFields(props: {
  readonly task: FollowUp;
  readonly onTask: (change: (before: FollowUp) => FollowUp) => void;
  readonly isTried: boolean;
}) {
  const { t } = useTranslation();
  const { task, isTried } = props;
  return (
    <SimpleGrid cols={2} spacing="sm">
      <TextInput
        label={t('activity.followUpSubject')}
        value={task.subject}
        withAsterisk
        maxLength={255}
        error={isTried && task.subject.trim() === '' ? t('problems.required') : undefined}
        onChange={(event) => {
          const subject = event.currentTarget.value;
          props.onTask((before) => ({ ...before, subject }));
        }}
      />
      <FieldInput
        definition={entities.task}
        field="dueDate"
        value={task.dueDate}
        currency="EUR"
        error={isTried && (task.dueDate ?? null) === null ? t('problems.required') : undefined}
        onChange={(dueDate) => props.onTask((before) => ({ ...before, dueDate }))}
      />
    </SimpleGrid>
  );
}
