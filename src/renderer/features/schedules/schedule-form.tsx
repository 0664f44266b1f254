// When, in which form and to whom a report is mailed. Who is not of the organization cannot be chosen, and the form says why.
import {
  Alert,
  Button,
  Checkbox,
  Group,
  MultiSelect,
  NumberInput,
  Select,
  Stack,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { ClockInput } from '#renderer/blocks/clock-input.tsx';
import { FormDialog } from '#renderer/blocks/form-dialog.tsx';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { useMailState } from '#renderer/blocks/use-mail-state.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { useScheduleWords } from '#renderer/features/schedules/schedule-words.ts';
import { frequencies, minutesOf } from '#shared/analytics/schedule-rule.ts';
import { mailFormats, MOST_RECIPIENTS } from '#shared/entities/report-schedule/report-schedule.ts';
import { entities } from '#shared/entities/registry.ts';
import { toCanonicalJson } from '#shared/kernel/json.ts';
import { textOf } from '#shared/kernel/text-of.ts';

const { reportSchedule } = entities;

interface Draft {
  readonly name: string;
  readonly frequency: string;
  readonly weekday: number;
  readonly dayOfMonth: number;
  readonly time: string;
  readonly offPeak: boolean;
  readonly timeZone: string;
  readonly format: string;
  readonly recipientIds: readonly string[];
  readonly subject: string;
  readonly message: string;
}

const numberOf = (value: unknown, fallback: number): number => (typeof value === 'number' ? value : fallback);

function draftOf(schedule: LocalRecord | null, report: LocalRecord, userId: string): Draft {
  const kept = schedule ?? {};
  const read = (field: string): unknown => (field in kept ? kept[field as keyof typeof kept] : undefined);
  const recipients = read('recipientIds');
  return {
    name: textOf(read('name') ?? report['name']),
    frequency: textOf(read('frequency') ?? 'weekly'),
    weekday: numberOf(read('weekday'), 1),
    dayOfMonth: numberOf(read('dayOfMonth'), 1),
    time: textOf(read('time') ?? '07:00'),
    offPeak: read('offPeak') === true,
    timeZone: textOf(read('timeZone') ?? new Intl.DateTimeFormat().resolvedOptions().timeZone),
    format: textOf(read('format') ?? 'xlsx'),
    recipientIds: Array.isArray(recipients) ? recipients.map(String) : [userId],
    subject: textOf(read('subject') ?? ''),
    message: textOf(read('message') ?? ''),
  };
}

/** Fields that the other choices leave without meaning are emptied. */
function valuesOf(draft: Draft): Readonly<Record<string, unknown>> {
  const { frequency, offPeak, subject, message } = draft;
  return {
    ...draft,
    name: draft.name.trim(),
    weekday: frequency === 'weekly' ? draft.weekday : null,
    dayOfMonth: frequency === 'monthly' ? draft.dayOfMonth : null,
    time: offPeak ? null : draft.time,
    subject: subject.trim() === '' ? null : subject.trim(),
    message: message.trim() === '' ? null : message,
  };
}

export function ScheduleForm(props: {
  /** Null: a new one. */
  readonly schedule: LocalRecord | null;
  readonly report: LocalRecord;
  readonly userId: string;
  readonly onClose: (id: string | null) => void;
}) {
  const { t } = useTranslation();
  const run = useCommand();
  const { schedule, report, userId } = props;
  const [first] = useState(() => draftOf(schedule, report, userId));
  const [draft, setDraft] = useState(first);
  const isTyped = toCanonicalJson(draft) !== toCanonicalJson(first);
  const title =
    schedule === null
      ? t('schedules.newFor', { name: textOf(report['name']) })
      : t('schedules.editTitle', { name: textOf(schedule['name']) });

  async function save(): Promise<void> {
    const values = valuesOf(draft);
    const done = { done: t('schedules.saved') };
    const outcome =
      schedule === null
        ? await run('createRecord', { entity: 'reportSchedule', values: { ...values, reportId: report.id } }, done)
        : await run('updateRecord', { entity: 'reportSchedule', id: schedule.id, values }, done);
    if (outcome !== null) props.onClose(outcome.recordId ?? schedule?.id ?? null);
  }

  return (
    <FormDialog isOpen title={title} isTyped={isTyped} onClose={() => props.onClose(null)}>
      {(cancel) => (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          <Stack gap={10}>
            <Hints
              isPrivate={report['sharing'] === 'private'}
              hasOthers={draft.recipientIds.some((id) => id !== userId)}
            />
            <Fields draft={draft} onChange={(part) => setDraft({ ...draft, ...part })} />
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={cancel}>
                {t('common.cancel')}
              </Button>
              <Button type="submit" disabled={!isComplete(draft)}>
                {t('schedules.save')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </FormDialog>
  );
}

function isComplete({ name, time, offPeak, recipientIds }: Draft): boolean {
  return name.trim() !== '' && (offPeak || minutesOf(time) !== null) && recipientIds.length > 0;
}

function Hints(props: { readonly isPrivate: boolean; readonly hasOthers: boolean }) {
  const { t } = useTranslation();
  const mail = useMailState();
  return (
    <>
      {mail?.isSetUp === false ? (
        <Alert color="yellow" role="status">
          {t('schedules.mailNotSetUp')}
        </Alert>
      ) : null}
      {props.isPrivate && props.hasOthers ? (
        <Alert color="yellow" role="status">
          {t('schedules.private')}
        </Alert>
      ) : null}
    </>
  );
}

interface FieldsProps {
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
}

function Fields({ draft, onChange }: FieldsProps) {
  const { t } = useTranslation();
  const names = useNames();
  const label = (field: string): string => names.field(reportSchedule, field);
  const option = (field: string) => (value: string) => ({ value, label: names.option(reportSchedule, field, value) });
  return (
    <>
      <TextInput
        label={label('name')}
        value={draft.name}
        required
        maxLength={120}
        data-autofocus
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      <Group grow align="flex-start" gap="sm">
        <Select
          label={label('frequency')}
          data={frequencies.map(option('frequency'))}
          value={draft.frequency}
          allowDeselect={false}
          onChange={(frequency) => onChange({ frequency: frequency ?? 'weekly' })}
        />
        <DayInput draft={draft} onChange={onChange} />
      </Group>
      <TimeFields draft={draft} onChange={onChange} />
      <Recipients draft={draft} onChange={onChange} />
      <Select
        label={label('format')}
        data={mailFormats.map(option('format'))}
        value={draft.format}
        allowDeselect={false}
        onChange={(format) => onChange({ format: format ?? 'xlsx' })}
      />
      <TextInput
        label={label('subject')}
        description={t('schedules.subjectHint')}
        value={draft.subject}
        maxLength={200}
        onChange={(event) => onChange({ subject: event.currentTarget.value })}
      />
      <Textarea
        label={label('message')}
        value={draft.message}
        maxLength={2000}
        autosize
        minRows={2}
        maxRows={6}
        onChange={(event) => onChange({ message: event.currentTarget.value })}
      />
    </>
  );
}

function DayInput({ draft, onChange }: FieldsProps) {
  const { t } = useTranslation();
  const names = useNames();
  const { weekdays } = useScheduleWords();
  if (draft.frequency === 'weekly')
    return (
      <Select
        label={names.field(reportSchedule, 'weekday')}
        data={weekdays.map((name, index) => ({ value: String(index + 1), label: name }))}
        value={String(draft.weekday)}
        allowDeselect={false}
        onChange={(weekday) => onChange({ weekday: Number(weekday ?? 1) })}
      />
    );
  if (draft.frequency !== 'monthly') return null;
  return (
    <NumberInput
      label={names.field(reportSchedule, 'dayOfMonth')}
      description={t('schedules.dayOfMonthHint')}
      value={draft.dayOfMonth}
      min={1}
      max={31}
      allowDecimal={false}
      onChange={(day) => onChange({ dayOfMonth: Number(day) })}
    />
  );
}

function TimeFields({ draft, onChange }: FieldsProps) {
  const { t } = useTranslation();
  const names = useNames();
  const zones = [...new Set([draft.timeZone, 'UTC', ...Intl.supportedValuesOf('timeZone')])];
  return (
    <>
      <Group grow align="flex-start" gap="sm">
        <ClockInput
          isLive
          label={names.field(reportSchedule, 'time')}
          value={draft.offPeak ? '' : draft.time}
          isDisabled={draft.offPeak}
          isRequired={!draft.offPeak}
          onChange={(time) => onChange({ time })}
        />
        <Select
          label={names.field(reportSchedule, 'timeZone')}
          data={zones}
          value={draft.timeZone}
          searchable
          limit={60}
          allowDeselect={false}
          nothingFoundMessage={t('common.nothingFound')}
          onChange={(timeZone) => onChange({ timeZone: timeZone ?? draft.timeZone })}
        />
      </Group>
      <Checkbox
        label={names.field(reportSchedule, 'offPeak')}
        description={t('schedules.offPeakHint')}
        checked={draft.offPeak}
        onChange={(event) => onChange({ offPeak: event.currentTarget.checked })}
      />
    </>
  );
}

function Recipients({ draft, onChange }: FieldsProps) {
  const { t } = useTranslation();
  const names = useNames();
  const { data } = useLive('list', {
    entity: 'user',
    filter: { not: { field: 'isActive', op: 'eq', value: false } },
    sort: [{ field: 'name', direction: 'asc' }],
    offset: 0,
    limit: 1000,
  });
  const people = (data?.rows ?? []).map((person) => ({ value: person.id, label: textOf(person['name']) }));
  const unknown = draft.recipientIds
    .filter((id) => !people.some(({ value }) => value === id))
    .map((id) => ({ value: id, label: t('common.notAvailable') }));
  return (
    <MultiSelect
      label={names.field(reportSchedule, 'recipientIds')}
      description={t('schedules.rights')}
      data={[...people, ...unknown]}
      value={[...draft.recipientIds]}
      searchable
      required
      maxValues={MOST_RECIPIENTS}
      nothingFoundMessage={t('common.nothingFound')}
      onChange={(recipientIds) => onChange({ recipientIds })}
    />
  );
}
