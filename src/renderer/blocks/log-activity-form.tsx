import { Button, Checkbox, Group, SegmentedControl, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useDefinitions } from '#renderer/app/store/definitions.ts';
import { askedCustomFields } from '#renderer/blocks/asked-custom-fields.ts';
import type { CreateFormProps } from '#renderer/blocks/create-form-props.ts';
import { focusFirst } from '#renderer/blocks/focus-first.ts';
import { FieldInput } from '#renderer/blocks/field-input.tsx';
import { FollowUpFields, isFollowUpComplete, newFollowUp } from '#renderer/blocks/follow-up-fields.tsx';
import { pathOfRecord } from '#renderer/blocks/record-paths.ts';
import { ReferencesInput } from '#renderer/blocks/references-input.tsx';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { useFieldModes } from '#renderer/blocks/use-field-modes.ts';
import { useIsChanged, useReportTyped } from '#renderer/blocks/use-is-changed.ts';
import { textOf } from '#shared/kernel/text-of.ts';

type Values = Readonly<Record<string, unknown>>;

/** What the command takes under its own name; links given by the page travel along. */
const links = ['dealId', 'accountId', 'contactId', 'leadId'] as const;
/** Kinds that are one key away; the others are in the list beside them. */
const quickTypes = ['call', 'meeting', 'note', 'email'] as const;
const fieldsOfType: Readonly<Record<string, readonly string[]>> = {
  call: ['outcome', 'direction', 'occurredAt', 'durationMinutes'],
  note: ['occurredAt'],
  email: ['direction', 'occurredAt'],
  letter: ['direction', 'occurredAt'],
};
const usualFields = ['outcome', 'durationMinutes', 'occurredAt'];
const MOST_OF_A_SUBJECT = 120;

/** Notes a call, a meeting or a thought, and in the same step what to do next. A subject that is not given is made of the rest. */
export function LogActivityForm(props: CreateFormProps) {
  const { t } = useTranslation();
  const names = useNames();
  const navigate = useNavigate();
  const run = useCommand();
  const definition = useDefinitions().activity;
  const [values, setValues] = useState<Values>(() => ({
    activityType: 'call',
    occurredAt: new Date().toISOString(),
    ...props.initial,
  }));
  const [hasFollowUp, setFollowUp] = useState(false);
  const [task, setTask] = useState(newFollowUp);
  useReportTyped(useIsChanged({ values, hasFollowUp, task }), props.onTyped);
  const [isTried, setTried] = useState(false);
  const isLinked = links.some((link) => typeof props.initial?.[link] === 'string');
  const fieldModes = useFieldModes();
  const custom = askedCustomFields(definition).filter((field) => fieldModes.modeOf(definition, field) === 'edit');
  const missing = custom.filter(
    (field) => definition.fields[field]?.required === true && (values[field] ?? null) === null,
  );
  const type = textOf(values['activityType']);
  const typeFields = fieldsOfType[type] ?? usualFields;
  const participants = Array.isArray(values['participantIds']) ? values['participantIds'].map(String) : [];

  const set = (field: string, next: unknown): void => setValues((before) => ({ ...before, [field]: next }));

  function subject(): string {
    const given = textOf(values['subject']).trim();
    if (given !== '') return given;
    const firstLine = textOf(values['body']).trim().split('\n')[0] ?? '';
    if (firstLine !== '') return firstLine.slice(0, MOST_OF_A_SUBJECT);
    const kind = names.option(definition, 'activityType', type);
    const about = links.map((link) => props.initialLabels?.[textOf(values[link])]).find((name) => name !== undefined);
    return about === undefined ? kind : t('activity.subjectOf', { kind, name: about });
  }

  async function save(): Promise<void> {
    setTried(true);
    if (missing.length > 0 || (hasFollowUp && !isFollowUpComplete(task))) return;
    const { activityType: _type, ...rest } = values;
    const given = Object.entries({ ...rest, subject: subject() }).filter(
      ([field, value]) =>
        value !== null && value !== undefined && (!usualFields.includes(field) || typeFields.includes(field)),
    );
    const followUp = { ...task, subject: task.subject.trim() };
    const outcome = await run(
      'logActivity',
      { ...Object.fromEntries(given), type, ...(hasFollowUp ? { followUp } : {}) },
      { done: t(hasFollowUp ? 'activity.loggedWithTask' : 'activity.logged') },
    );
    if (outcome === null) return;
    props.onClose();
    const path = outcome.recordId === null ? null : pathOfRecord('activity', outcome.recordId);
    if (props.isStaying !== true && path !== null) void navigate(path);
  }

  function input(field: string) {
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
        onChange={(next) => set(field, next)}
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
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label={names.field(definition, 'activityType')}
          value={type}
          onChange={(next) => set('activityType', next)}
          data={[...quickTypes, ...(quickTypes.some((quick) => quick === type) ? [] : [type])].map((value) => ({
            value,
            label: names.option(definition, 'activityType', value),
          }))}
        />
        <TextInput
          label={names.field(definition, 'subject')}
          placeholder={t('activity.subjectHint')}
          maxLength={255}
          data-autofocus
          value={textOf(values['subject'])}
          onChange={(event) => set('subject', event.currentTarget.value)}
        />
        {input('body')}
        <SimpleGrid cols={2} spacing="sm" verticalSpacing="sm">
          {typeFields.map((field) => input(field))}
          {isLinked ? null : ['dealId', 'accountId'].map((field) => input(field))}
        </SimpleGrid>
        {type === 'note' ? null : (
          <ReferencesInput
            entity="contact"
            label={names.field(definition, 'participantIds')}
            value={participants}
            labels={props.initialLabels ?? {}}
            onChange={(ids) => set('participantIds', ids)}
          />
        )}
        {custom.map((field) => input(field))}
        <Checkbox
          label={t('activity.followUp')}
          checked={hasFollowUp}
          onChange={(event) => setFollowUp(event.currentTarget.checked)}
        />
        {hasFollowUp ? <FollowUpFields task={task} onTask={setTask} isTried={isTried} /> : null}
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
