import { Button, NumberInput, SegmentedControl, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { useTypedForm } from '#renderer/blocks/typed-forms.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import type { Actor } from '#shared/access/actor.ts';
import type { Preferences } from '#shared/ipc/app-channels.ts';
import { PasswordForm } from '#renderer/features/settings/password-form.tsx';
import { PresenceChoice } from '#renderer/features/settings/presence-choice.tsx';
import { MOST_WEEKLY_HOURS, USUAL_WEEKLY_HOURS } from '#shared/entities/user/working-hours.ts';
import classes from './settings.module.css';

export function ProfileSection(props: { readonly actor: Actor }) {
  const { t } = useTranslation();
  const preferences = useAppSelector((state) => state.device.preferences);
  const { data } = useLive('record', { entity: 'user', id: props.actor.userId });
  const set = (change: Partial<Preferences>): void => void invokeMain(getBridge(), 'preferences.set', change);
  return (
    <>
      <h1>{t('settings.profile.title')}</h1>
      <p className={classes.lead}>{t('settings.profile.text')}</p>
      {data?.record === null || data?.record === undefined ? null : (
        <ProfileForm key={data.record.id} user={data.record} />
      )}
      <div className={classes.form}>
        <Text size="sm" fw={540} component="h2">
          {t('settings.theme')}
        </Text>
        <SegmentedControl
          aria-label={t('settings.theme')}
          value={preferences.theme}
          onChange={(theme) => set({ theme })}
          data={(['system', 'light', 'dark'] as const).map((value) => ({
            value,
            label: t(`settings.themes.${value}`),
          }))}
        />
        <Text size="sm" fw={540} component="h2">
          {t('settings.language')}
        </Text>
        <SegmentedControl
          aria-label={t('settings.language')}
          value={preferences.language}
          onChange={(language) => set({ language })}
          data={[
            { value: 'system', label: t('settings.themes.system') },
            { value: 'en', label: 'English' },
            { value: 'de', label: 'Deutsch' },
          ]}
        />
        <PresenceChoice />
      </div>
      <PasswordForm />
    </>
  );
}

function ProfileForm(props: { readonly user: LocalRecord }) {
  const { t } = useTranslation();
  const run = useCommand();
  const read = (field: string): string => (typeof props.user[field] === 'string' ? props.user[field] : '');
  const [values, setValues] = useState({ name: read('name'), jobTitle: read('jobTitle'), phone: read('phone') });
  const keptHours = props.user['weeklyHours'] ?? null;
  const [weeklyHours, setWeeklyHours] = useState<unknown>(keptHours);
  useTypedForm(weeklyHours !== keptHours || Object.entries(values).some(([field, value]) => value !== read(field)));
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        const changed = {
          ...Object.fromEntries(
            Object.entries(values).map(([field, value]) => [field, value.trim() === '' ? null : value]),
          ),
          weeklyHours,
        };
        void run('updateRecord', { entity: 'user', id: props.user.id, values: changed }, { done: t('settings.saved') });
      }}
    >
      <TextInput
        label={t('fields.user.name')}
        value={values.name}
        required
        onChange={(event) => setValues({ ...values, name: event.currentTarget.value })}
      />
      <TextInput label={t('fields.user.email')} value={read('email')} readOnly />
      <TextInput
        label={t('fields.user.jobTitle')}
        value={values.jobTitle}
        onChange={(event) => setValues({ ...values, jobTitle: event.currentTarget.value })}
      />
      <TextInput
        label={t('fields.user.phone')}
        value={values.phone}
        onChange={(event) => setValues({ ...values, phone: event.currentTarget.value })}
      />
      <NumberInput
        label={t('fields.user.weeklyHours')}
        description={t('task.workload.whoSets')}
        placeholder={String(USUAL_WEEKLY_HOURS)}
        min={0}
        max={MOST_WEEKLY_HOURS}
        decimalScale={1}
        decimalSeparator={t('common.decimalSeparator')}
        value={typeof weeklyHours === 'number' ? weeklyHours : ''}
        onChange={(value) => setWeeklyHours(typeof value === 'number' ? value : null)}
      />
      <div>
        <Button type="submit">{t('common.save')}</Button>
      </div>
    </form>
  );
}
