// What somebody wants to be told (TSK-14). One record of the person: it holds on all computers, and for mails of the server.
import { Group, Radio, Stack, Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { ClockInput } from '#renderer/blocks/clock-input.tsx';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { useLive } from '#renderer/data/use-data.ts';
import type { Actor } from '#shared/access/actor.ts';
import { entities } from '#shared/entities/registry.ts';
import { preferenceNames } from '#shared/notifications/notification-types.ts';
import { digestChoices, newestOf, readPreferences } from '#shared/notifications/preferences.ts';
import { isClockTime, type QuietHours } from '#shared/notifications/quiet-hours.ts';
import classes from './settings.module.css';

export function NotificationsSection(props: { readonly actor: Actor }) {
  const { t } = useTranslation();
  const names = useNames();
  const run = useCommand();
  const { data } = useLive('list', {
    entity: 'notificationPreference',
    filter: { and: [{ field: 'ownerId', op: 'eq', value: props.actor.userId }] },
    sort: [{ field: 'createdAt', direction: 'desc' }],
    offset: 0,
    limit: 10,
  });
  const preferences = readPreferences(newestOf(data?.rows ?? []));
  const { quietHours } = preferences;
  const definition = entities.notificationPreference;

  function save(values: Readonly<Record<string, unknown>>): void {
    void run('saveNotificationPreferences', { values }, { done: t('settings.saved') });
  }
  function saveHours(change: Partial<QuietHours>): void {
    save({ quietHours: { ...quietHours, ...change } });
  }

  return (
    <>
      <h1>{t('settings.notifications.title')}</h1>
      <p className={classes.lead}>{t('settings.notifications.text')}</p>
      <Stack gap="md" className={classes.form ?? ''}>
        {preferenceNames.map((name) => (
          <Switch
            key={name}
            label={names.field(definition, name)}
            description={t(`settings.notifications.about.${name}`)}
            checked={preferences[name]}
            disabled={data === undefined}
            onChange={(event) => save({ [name]: event.currentTarget.checked })}
          />
        ))}
        <p className={classes.lead}>{t('settings.notifications.always')}</p>
        <Radio.Group
          label={names.field(definition, 'emailDigest')}
          description={t('settings.notifications.digestText')}
          value={preferences.emailDigest}
          onChange={(emailDigest) => save({ emailDigest })}
        >
          <Group gap="lg" mt={8}>
            {digestChoices.map((choice) => (
              <Radio key={choice} value={choice} label={names.option(definition, 'emailDigest', choice)} />
            ))}
          </Group>
        </Radio.Group>
        <Switch
          label={names.field(definition, 'quietHours')}
          description={t('settings.notifications.quietText')}
          checked={quietHours.enabled}
          disabled={data === undefined}
          onChange={(event) => saveHours({ enabled: event.currentTarget.checked })}
        />
        {quietHours.enabled ? (
          <Group gap="md">
            {(['start', 'end'] as const).map((edge) => (
              <ClockInput
                key={edge}
                label={t(`settings.notifications.${edge}`)}
                value={quietHours[edge]}
                onChange={(time) => {
                  if (isClockTime(time)) saveHours({ [edge]: time });
                }}
              />
            ))}
          </Group>
        ) : null}
      </Stack>
    </>
  );
}
