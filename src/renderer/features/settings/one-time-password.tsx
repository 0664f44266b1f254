import { Alert, Button, CopyButton, Group, Loader, Stack, Text } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { useIsOnline } from '#renderer/blocks/use-is-online.ts';
import { toOutpostError } from '#shared/kernel/errors.ts';
import type { OneTimePassword } from '#shared/sync/messages.ts';
import classes from './settings.module.css';

/** Asks the server for the one-time password of a user as soon as the server has the user, and shows it this once. */
export function OneTimePasswordStep(props: {
  readonly userId: string;
  readonly name: string;
  readonly onGiven: () => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const isOnline = useIsOnline();
  const { data } = useLive('record', { entity: 'user', id: props.userId });
  const [given, setGiven] = useState<OneTimePassword | null>(null);
  const [error, setError] = useState<string | null>(null);
  const isAsked = useRef(false);
  const isRefused = data !== undefined && data.record === null;
  const isReady = data?.record?.pending.length === 0 && isOnline;
  const { userId, onGiven } = props;

  const ask = useCallback(() => {
    isAsked.current = true;
    setError(null);
    invokeMain(getBridge(), 'users.giveOneTimePassword', { userId }).then(
      (answer) => {
        setGiven(answer);
        onGiven();
      },
      (failure: unknown) => {
        const isTaken = toOutpostError(failure).code === 'duplicate';
        setError(isTaken ? t('settings.users.addressTaken') : errorText(failure));
      },
    );
  }, [userId, onGiven, errorText, t]);
  useEffect(() => {
    if (isReady && !isAsked.current) ask();
  }, [isReady, ask]);

  function content() {
    if (given !== null) return <Given name={props.name} given={given} />;
    if (isRefused) return <Alert color="yellow">{t('settings.users.notAccepted', { name: props.name })}</Alert>;
    if (error !== null)
      return (
        <Alert color="red" role="alert">
          {error}
        </Alert>
      );
    if (!isOnline) return <Alert color="yellow">{t('settings.users.offlineAdded', { name: props.name })}</Alert>;
    return (
      <Group gap="sm" py="md">
        <Loader size="sm" aria-hidden />
        <Text size="sm">{t('settings.users.creating')}</Text>
      </Group>
    );
  }

  return (
    <Stack gap="md">
      <div role="status">{content()}</div>
      <Group justify="flex-end" gap="xs">
        {error === null ? null : (
          <Button variant="default" onClick={ask}>
            {t('settings.users.tryAgain')}
          </Button>
        )}
        <Button onClick={props.onClose} data-autofocus>
          {t(given === null ? 'common.close' : 'settings.users.passedOn')}
        </Button>
      </Group>
    </Stack>
  );
}

function Given(props: { readonly name: string; readonly given: OneTimePassword }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { email, password, validUntil } = props.given;
  return (
    <Stack gap="sm">
      <Text size="sm">{t('settings.users.given', { name: props.name })}</Text>
      <dl className={classes.access}>
        <dt>{t('welcome.email')}</dt>
        <dd data-selectable>{email}</dd>
        <dt>{t('settings.users.oneTimePassword')}</dt>
        <dd>
          <code className={classes.secret} data-selectable data-testid="one-time-password">
            {password}
          </code>
          <CopyButton value={password}>
            {({ copied, copy }) => (
              <Button size="compact-xs" variant="default" leftSection={<IconCopy size={13} />} onClick={copy}>
                {t(copied ? 'common.copied' : 'common.copy')}
              </Button>
            )}
          </CopyButton>
        </dd>
        <dt>{t('settings.users.validUntil')}</dt>
        <dd>{format.instant(validUntil)}</dd>
      </dl>
      <Text size="sm" className="op-muted">
        {t('settings.users.givenOnce')}
      </Text>
    </Stack>
  );
}
