import { Button, CopyButton, Group, Stack, Text } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
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
        <dt>{t('settings.apiKeys.theKey')}</dt>
        <dd>
          <code className={classes.secret}>{secret}</code>
          <CopyButton value={secret}>
            {({ copied, copy }) => (
              <Button
                size="compact-xs"
                variant="default"
                leftSection={<IconCopy size={13} />}
                onClick={copy}
                data-autofocus
              >
                {t(copied ? 'settings.apiKeys.copied' : 'settings.apiKeys.copy')}
              </Button>
            )}
          </CopyButton>
        </dd>
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
