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
import type { MailHindrance } from '#shared/sync/people-messages.ts';
import classes from '../settings.module.css';

/**
 * Asks the server for a way in as soon as the server has the user: the link of an invitation, by mail where that is possible,
 * or a one-time password in the place of a password. What is not mailed is shown this once.
 */
export function WayInStep(props: {
  readonly userId: string;
  readonly name: string;
  readonly isInvitation: boolean;
  readonly onGiven: () => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const isOnline = useIsOnline();
  const { data } = useLive('record', { entity: 'user', id: props.userId });
  const [given, setGiven] = useState<WayIn | null>(null);
  const [error, setError] = useState<string | null>(null);
  const isAsked = useRef(false);
  const isRefused = data !== undefined && data.record === null;
  const isReady = data?.record?.pending.length === 0 && isOnline;
  const { userId, isInvitation, onGiven } = props;

  const ask = useCallback(() => {
    isAsked.current = true;
    setError(null);
    askFor(userId, isInvitation).then(
      (answer) => {
        setGiven(answer);
        onGiven();
      },
      (failure: unknown) => {
        const isTaken = toOutpostError(failure).code === 'duplicate';
        setError(isTaken ? t('settings.users.addressTaken') : errorText(failure));
      },
    );
  }, [userId, isInvitation, onGiven, errorText, t]);
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
          {t(given === null || given.password === null ? 'common.close' : 'settings.users.passedOn')}
        </Button>
      </Group>
    </Stack>
  );
}

/** Null password: the link is on its way by mail. */
interface WayIn {
  readonly email: string;
  readonly validUntil: string;
  readonly password: string | null;
  readonly link: string | null;
  readonly hindrance: MailHindrance | null;
}

async function askFor(userId: string, isInvitation: boolean): Promise<WayIn> {
  if (!isInvitation) {
    const given = await invokeMain(getBridge(), 'users.giveOneTimePassword', { userId });
    return { ...given, link: null, hindrance: null };
  }
  const { code, ...sent } = await invokeMain(getBridge(), 'users.invite', { userId, byMail: true });
  return { ...sent, password: code };
}

function Given(props: { readonly name: string; readonly given: WayIn }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { email, password, validUntil, link, hindrance } = props.given;
  const { name } = props;
  if (password === null)
    return (
      <Stack gap="sm">
        <Text size="sm">{t('people.mailed', { name, email, until: format.instant(validUntil) })}</Text>
        <Text size="sm" className="op-muted">
          {t('people.mailedOnce')}
        </Text>
      </Stack>
    );
  return (
    <Stack gap="sm">
      {hindrance === null ? null : <Text size="sm">{t(`people.hindrances.${hindrance}`, { email })}</Text>}
      <Text size="sm">{t(link === null ? 'settings.users.given' : 'people.givenLink', { name })}</Text>
      <dl className={classes.access}>
        {link === null ? null : (
          <>
            <dt>{t('people.link')}</dt>
            <dd>
              <code className={classes.secret} data-selectable data-testid="invitation-link">
                {link}
              </code>
              <Copy value={link} />
            </dd>
          </>
        )}
        <dt>{t('welcome.email')}</dt>
        <dd data-selectable>{email}</dd>
        <dt>{t('settings.users.oneTimePassword')}</dt>
        <dd>
          <code className={classes.secret} data-selectable data-testid="one-time-password">
            {password}
          </code>
          <Copy value={password} />
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

function Copy(props: { readonly value: string }) {
  const { t } = useTranslation();
  return (
    <CopyButton value={props.value}>
      {({ copied, copy }) => (
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconCopy size={13} />}
          style={{ flex: 'none' }}
          onClick={copy}
        >
          {t(copied ? 'common.copied' : 'common.copy')}
        </Button>
      )}
    </CopyButton>
  );
}
