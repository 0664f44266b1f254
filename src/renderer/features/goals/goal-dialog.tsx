// Sets goals for a team or people, or changes one. What a goal measures, for whom and when is chosen once.
import { Button, Group, MultiSelect, Stack, TextInput, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toLocalDay } from '#renderer/app/format/local-day.ts';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { FormDialog } from '#renderer/blocks/form-dialog.tsx';
import { useGoalWords } from '#renderer/blocks/goals/use-goal-words.ts';
import { TypedNumberInput } from '#renderer/blocks/typed-number-input.tsx';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { useOrganization } from '#renderer/blocks/use-organization.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import {
  changedValues,
  emptyForm,
  formOf,
  newValues,
  readMilestones,
  subjectsOf,
  type GoalForm,
  type GoalPartProps,
} from '#renderer/features/goals/goal-form.ts';
import { GoalMeasureInput } from '#renderer/features/goals/goal-measure-input.tsx';
import { GoalWindowInput } from '#renderer/features/goals/goal-window-input.tsx';
import { maySetGoalFor } from '#shared/analytics/goals/goal-rights.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import { isUnfinished } from '#shared/query/unfinished.ts';

export function GoalDialog(props: {
  /** The goal that is changed, or set once more. */
  readonly record?: LocalRecord;
  readonly kind?: 'change' | 'repeat';
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const run = useCommand();
  const words = useGoalWords();
  const { currency, fiscalYearStart } = useOrganization().figures;
  const { record, kind = 'repeat' } = props;
  const isChange = record !== undefined && kind === 'change';
  const [first] = useState((): GoalForm => {
    const known = record === undefined ? null : formOf(record, kind);
    return known ?? emptyForm(toLocalDay(new Date()), fiscalYearStart);
  });
  const [form, setForm] = useState(first);
  const [isSaving, setSaving] = useState(false);
  const change = (next: Partial<GoalForm>): void => setForm((known) => ({ ...known, ...next }));

  const isMoney = form.metric === 'wonValue';
  // A goal keeps the currency it was set in.
  const known = record?.['currency'];
  const inCurrency = isChange && typeof known === 'string' ? known : currency;
  const counted = form.metric === 'recordCount' ? form.counted : 'deal';
  const suggested = `${words.measure({ ...form, counted })} · ${words.window(form.windowType, form.window)}`;
  const name = form.name.trim() === '' ? suggested : form.name.trim();
  const areMilestones = readMilestones(form.milestones) !== null;
  const isFinished = form.metric !== 'recordCount' || !form.conditions.some(isUnfinished);
  const isReady =
    form.subjects.length > 0 && typeof form.target === 'number' && form.target > 0 && areMilestones && isFinished;

  async function save(): Promise<void> {
    setSaving(true);
    const saved = isChange
      ? await run(
          'updateRecord',
          { entity: 'goal', id: record.id, values: changedValues(form, name, inCurrency), base: record },
          { done: t('goals.changed', { name }) },
        )
      : await run(
          'setGoals',
          { subjects: subjectsOf(form), values: newValues(form, name, inCurrency) },
          { done: t('goals.done', { count: form.subjects.length, name }) },
        );
    setSaving(false);
    if (saved !== null) props.onClose();
  }

  return (
    <FormDialog
      isOpen
      title={t(isChange ? 'goals.changeTitle' : 'goals.setTitle')}
      isTyped={JSON.stringify(form) !== JSON.stringify(first)}
      onClose={props.onClose}
    >
      {(cancel) => (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          <Stack gap="sm">
            {isChange ? null : (
              <>
                <SubjectInput form={form} onChange={change} />
                <GoalMeasureInput form={form} onChange={change} />
              </>
            )}
            <TypedNumberInput
              label={t('goals.form.target')}
              withAsterisk
              value={form.target}
              currency={isMoney ? inCurrency : null}
              data-autofocus={isChange}
              onChange={(target) => change({ target })}
            />
            {isChange ? null : <GoalWindowInput form={form} onChange={change} />}
            <TextInput
              label={t('goals.form.name')}
              placeholder={suggested}
              maxLength={120}
              value={form.name}
              onChange={(event) => change({ name: event.currentTarget.value })}
            />
            <TextInput
              label={t('goals.form.milestones')}
              description={t('goals.form.milestonesHint')}
              error={areMilestones ? undefined : t('problems.milestones')}
              value={form.milestones}
              onChange={(event) => change({ milestones: event.currentTarget.value })}
            />
            <Textarea
              label={t('goals.form.note')}
              autosize
              minRows={2}
              maxRows={6}
              maxLength={2000}
              value={form.note}
              onChange={(event) => change({ note: event.currentTarget.value })}
            />
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={cancel}>
                {t('common.cancel')}
              </Button>
              <Button type="submit" disabled={!isReady} loading={isSaving}>
                {t(isChange ? 'common.save' : 'goals.set')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </FormDialog>
  );
}

/** Teams and people the signed-in person may set goals for. */
function SubjectInput(props: GoalPartProps) {
  const { t } = useTranslation();
  const actor = useAppSelector(({ device }) => (device.session?.status === 'signedIn' ? device.session.actor : null));
  const sort = [{ field: 'name', direction: 'asc' }] as const;
  const teams = useLive('list', { entity: 'team', sort, offset: 0, limit: 500 });
  const people = useLive('list', { entity: 'user', sort, offset: 0, limit: 1000 });
  const optionsOf = (kind: 'team' | 'user', rows: readonly LocalRecord[] = []) =>
    rows
      .filter((row) => actor !== null && maySetGoalFor(actor, row))
      .map((row) => ({ value: `${kind}:${row.id}`, label: textOf(row['name']) }));
  return (
    <MultiSelect
      label={t('goals.form.subjects')}
      description={t('goals.form.subjectsHint')}
      withAsterisk
      searchable
      data-autofocus
      hidePickedOptions
      nothingFoundMessage={t('common.nothingFound')}
      placeholder={props.form.subjects.length === 0 ? t('common.choose') : ''}
      data={[
        { group: t('entities.team.many'), items: optionsOf('team', teams.data?.rows) },
        { group: t('goals.form.people'), items: optionsOf('user', people.data?.rows) },
      ]}
      value={[...props.form.subjects]}
      onChange={(subjects) => props.onChange({ subjects })}
    />
  );
}
