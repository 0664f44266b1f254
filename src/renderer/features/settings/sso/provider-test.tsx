// A sign-in that signs nobody in: what the provider says of somebody, and what would come of it.
import { Alert, Button, Group, Loader, Modal, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { useSsoErrorText } from '#renderer/features/settings/sso/use-sso.ts';
import { useRoles } from '#renderer/features/settings/use-roles.ts';
import { refusalReasons, type Provider, type SsoTrial } from '#shared/sync/sso-messages.ts';
import classes from '../settings.module.css';

export function ProviderTest(props: { readonly provider: Provider; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const errorText = useSsoErrorText();
  const [trial, setTrial] = useState<SsoTrial | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const { id, kind, name } = props.provider;

  async function ask(work: () => Promise<SsoTrial>): Promise<void> {
    setBusy(true);
    setError(null);
    setTrial(null);
    try {
      setTrial(await work());
    } catch (failure) {
      setError(errorText(failure));
    } finally {
      setBusy(false);
    }
  }

  function close(): void {
    if (isBusy) void invokeMain(getBridge(), 'session.cancelBrowser', {});
    props.onClose();
  }

  return (
    <Modal
      opened
      onClose={close}
      title={t('sso.test.title', { name })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      closeOnClickOutside={false}
    >
      <Stack gap="md">
        {kind === 'ldap' ? (
          <DirectoryQuestion
            isBusy={isBusy}
            onAsk={(login) => void ask(() => invokeMain(getBridge(), 'sso.tryDirectory', { id, ...login }))}
          />
        ) : (
          <>
            <Text size="sm">{t('sso.test.browserText')}</Text>
            <Group gap="sm">
              <Button
                data-autofocus
                disabled={isBusy}
                onClick={() => void ask(() => invokeMain(getBridge(), 'sso.try', { id }))}
              >
                {t('sso.test.open')}
              </Button>
              {isBusy ? (
                <Group gap="xs" role="status">
                  <Loader size="xs" aria-hidden />
                  <Text size="sm">{t('welcome.inBrowser', { provider: name })}</Text>
                </Group>
              ) : null}
            </Group>
          </>
        )}
        {error === null ? null : (
          <Alert color="red" role="alert">
            {error}
          </Alert>
        )}
        {trial === null ? null : <TrialResult trial={trial} />}
      </Stack>
    </Modal>
  );
}

function DirectoryQuestion(props: {
  readonly isBusy: boolean;
  readonly onAsk: (login: { readonly email: string; readonly password: string }) => void;
}) {
  const { t } = useTranslation();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        props.onAsk({ email: email.trim(), password });
      }}
    >
      <Stack gap="sm">
        <Text size="sm">{t('sso.test.directoryText')}</Text>
        <TextInput
          label={t('welcome.email')}
          data-autofocus
          required
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label={t('sso.test.password')}
          autoComplete="off"
          required
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          visibilityToggleButtonProps={{ 'aria-label': t('welcome.showPassword') }}
        />
        <Button type="submit" loading={props.isBusy} style={{ alignSelf: 'flex-start' }}>
          {t('sso.test.ask')}
        </Button>
      </Stack>
    </form>
  );
}

function TrialResult({ trial }: { readonly trial: SsoTrial }) {
  const { t } = useTranslation();
  const roles = useRoles();
  const refusal = refusalReasons.find((reason) => reason === trial.outcome);
  const role = roles.find(({ id }) => id === trial.role)?.name ?? trial.role;
  const facts: readonly (readonly [string, string])[] = [
    [t('sso.test.email'), `${trial.email ?? '–'}${trial.isEmailVerified ? ` (${t('sso.test.verified')})` : ''}`],
    [t('sso.test.name'), trial.name ?? '–'],
    [t('sso.test.subject'), trial.subject],
    [t('sso.test.groups'), trial.groups.length === 0 ? '–' : trial.groups.join(', ')],
    [t('sso.test.role'), role ?? '–'],
  ];
  return (
    <div role="status">
      <Alert color={refusal === undefined ? 'green' : 'yellow'} mb="sm">
        {refusal === undefined ? t(`sso.test.outcome.${trial.outcome}`) : t(`sso.refusals.${refusal}`)}
      </Alert>
      <dl className={classes.facts} style={{ gridTemplateColumns: '120px 1fr', marginBottom: 0 }}>
        {facts.map(([term, value]) => (
          <div key={term} style={{ display: 'contents' }}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
