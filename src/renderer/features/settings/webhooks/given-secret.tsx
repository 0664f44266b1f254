import { Button, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { SecretOnce } from '#renderer/features/settings/api-keys/secret-once.tsx';
import type { GivenWebhook } from '#shared/sync/webhook-messages.ts';
import classes from '../settings.module.css';

/** The only time a secret is shown. */
export function GivenSecret({ given, onClose }: { readonly given: GivenWebhook; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { secret, webhook } = given;
  return (
    <Stack gap="md">
      <Text size="sm">{t('settings.webhooks.onlyOnce')}</Text>
      <dl className={classes.access}>
        <SecretOnce label={t('settings.webhooks.secret')} secret={secret} />
      </dl>
      <Text size="sm" c="dimmed">
        {t('settings.webhooks.howTo')} <code>Outpost-Signature: t=…,v1=…</code>
      </Text>
      {webhook.formerUntil === null ? null : (
        <Text size="sm">{t('settings.webhooks.formerUntil', { until: format.instant(webhook.formerUntil) })}</Text>
      )}
      <Group justify="flex-end">
        <Button onClick={onClose}>{t('settings.apiKeys.kept')}</Button>
      </Group>
    </Stack>
  );
}
