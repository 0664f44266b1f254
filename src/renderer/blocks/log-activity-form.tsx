import { Button, Checkbox, Group, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useDefinitions } from '#renderer/app/store/definitions.ts';
import { toLocalDay } from '#renderer/app/format/local-day.ts';
import { askedCustomFields } from '#renderer/blocks/asked-custom-fields.ts';
import type { CreateFormProps } from '#renderer/blocks/create-form-props.ts';
import { focusFirst } from '#renderer/blocks/focus-first.ts';
import { FieldInput } from '#renderer/blocks/field-input.tsx';
import { pathOfRecord } from '#renderer/blocks/record-paths.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { useFieldModes } from '#renderer/blocks/use-field-modes.ts';
import { useIsChanged, useReportTyped } from '#renderer/blocks/use-is-changed.ts';
import { entities } from '#shared/entities/registry.ts';

type Values = Readonly<Record<string, unknown>>;

/** What the command takes under its own name; links given by the page travel along. */
const links = ['dealId', 'accountId', 'contactId', 'leadId'] as const;
const DAY_MS = 86_400_000;
const FOLLOW_UP_DAYS = 7;

/** Notes a call, a meeting or a thought, and in the same step what to do next. */
export function LogActivityForm(props: CreateFormProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const run = useCommand();
  const definition = useDefinitions().activity;
  const [values, setValues] = useState<Values>(() => ({
    activityType: 'call',
    occurredAt: new Date().toISOString(),
    ...props.initial,
  }));
  const [hasFollowUp, setFollowUp] = useState(false);
  const [task, setTask] = useState<{ readonly subject: string; readonly dueDate: unknown }>(() => ({
    subject: '',
    dueDate: toLocalDay(new Date(Date.now() + FOLLOW_UP_DAYS * DAY_MS)),
  }));
  useReportTyped(useIsChanged({ values, hasFollowUp, task }), props.onTyped);
  const [isTried, setTried] = useState(false);
  const isLinked = links.some((link) => typeof props.initial?.[link] === 'string');
  const fieldModes = useFieldModes();
  const custom = askedCustomFields(definition).filter((field) => fieldModes.modeOf(definition, field) === 'edit');
  const missing = ['subject', ...custom].filter(
    (field) => definition.fields[field]?.required === true && (values[field] ?? null) === null,
  );
  const isTaskNameMissing = task.subject.trim() === '';
  const isDueDateMissing = (task.dueDate ?? null) === null;
  const isFollowUpMissing = hasFollowUp && (isTaskNameMissing || isDueDateMissing);

  async function save(): Promise<void> {
    setTried(true);
    if (missing.length > 0 || isFollowUpMissing) return;
    const { activityType, ...rest } = values;
    const outcome = await run(
      'logActivity',
      {
        ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null && value !== undefined)),
        type: activityType,
        ...(hasFollowUp ? { followUp: { subject: task.subject.trim(), dueDate: task.dueDate } } : {}),
      },
      { done: t(hasFollowUp ? 'activity.loggedWithTask' : 'activity.logged') },
    );
    if (outcome === null) return;
    props.onClose();
    const path = outcome.recordId === null ? null : pathOfRecord('activity', outcome.recordId);
    if (props.isStaying !== true && path !== null) void navigate(path);
  }

  function input(field: string, isFirst = false) {
    const value = values[field] ?? null;
    return (
      <FieldInput
        key={field}
        definition={definition}
        field={field}
        value={value}
        valueLabel={typeof value === 'string' ? props.initialLabels?.[value] : undefined}
        currency="EUR"
        error={isTried && missing.includes(field) ? t('problems.required') : undefined}
        isFirst={isFirst}
        onChange={(next) => setValues((before) => ({ ...before, [field]: next }))}
      />
    );
  }

  return (
    <form
      noValidate
      ref={focusFirst}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Stack gap="sm">
        {input('subject', true)}
        <SimpleGrid cols={2} spacing="sm" verticalSpacing="sm">
          {['activityType', 'outcome', 'occurredAt', 'durationMinutes'].map((field) => input(field))}
          {isLinked ? null : ['dealId', 'accountId'].map((field) => input(field))}
        </SimpleGrid>
        {input('body')}
        {custom.map((field) => input(field))}
        <Checkbox
          label={t('activity.followUp')}
          checked={hasFollowUp}
          onChange={(event) => setFollowUp(event.currentTarget.checked)}
        />
        {hasFollowUp ? (
          <SimpleGrid cols={2} spacing="sm">
            <TextInput
              label={t('activity.followUpSubject')}
              value={task.subject}
              withAsterisk
              maxLength={255}
              error={isTried && isTaskNameMissing ? t('problems.required') : undefined}
              onChange={(event) => {
                const subject = event.currentTarget.value;
                setTask((before) => ({ ...before, subject }));
              }}
            />
            <FieldInput
              definition={entities.task}
              field="dueDate"
              value={task.dueDate}
              currency="EUR"
              error={isTried && isDueDateMissing ? t('problems.required') : undefined}
              onChange={(dueDate) => setTask((before) => ({ ...before, dueDate }))}
            />
          </SimpleGrid>
        ) : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onCancel}>
            {t('common.cancel')}
          </Button>
          <Button type="submit">{t('common.save')}</Button>
        </Group>
      </Stack>
    </form>
  );
}
