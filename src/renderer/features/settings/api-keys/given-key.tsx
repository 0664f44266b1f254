import { Button, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { SecretOnce } from '#renderer/features/settings/api-keys/secret-once.tsx';
import type { GivenApiKey } from '#shared/sync/access-messages.ts';
import classes from '../settings.module.css';

/** The only time a key is shown whole. */
export function GivenKey(props: { readonly given: GivenApiKey; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { key, secret } = props.given;
  return (
    <Stack gap="md">
      <Text size="sm">{t('settings.apiKeys.onlyOnce')}</Text>
      <dl className={classes.access}>
        <SecretOnce label={t('settings.apiKeys.theKey')} secret={secret} />
        <dt>{t('settings.apiKeys.columns.expires')}</dt>
        <dd>{format.instant(key.expiresAt)}</dd>
      </dl>
      <Text size="sm" c="dimmed">
        {t('settings.apiKeys.howTo')} <code>Authorization: Bearer opk_…</code>
      </Text>
      {key.former === null ? null : (
        <Text size="sm">
          {t('settings.apiKeys.overlap', { prefix: key.former.prefix, until: format.instant(key.former.endsAt) })}
        </Text>
      )}
      <Group justify="flex-end">
        <Button onClick={props.onClose}>{t('settings.apiKeys.kept')}</Button>
      </Group>
    </Stack>
  );
}
