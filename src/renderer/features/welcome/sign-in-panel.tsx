import { Alert, Button, Group, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PasskeyButton } from '#renderer/blocks/factors/passkey-button.tsx';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { toOutpostError, type ErrorData } from '#shared/kernel/errors.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { ForgotPasswordPanel } from '#renderer/features/welcome/forgot-password-panel.tsx';
import { OwnPasswordPanel } from '#renderer/features/welcome/own-password-panel.tsx';

export function SignInPanel(props: {
  readonly serverUrl: string | null;
  readonly email: string | null;
  readonly reason?: ErrorData | undefined;
  readonly onBack?: () => void;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [serverUrl, setServerUrl] = useState(props.serverUrl ?? '');
  const [email, setEmail] = useState(props.email ?? '');
  const [password, setPassword] = useState('');
  const [error, setError] = useState<string | null>(props.reason === undefined ? null : errorText(props.reason));
  const [isBusy, setBusy] = useState(false);
  const [isChoosing, setChoosing] = useState(false);
  const [isForgotten, setForgotten] = useState(false);

  /** Nobody is signed in yet: what cannot be reached or read here is the address that was typed. */
  function signInText(failure: unknown): string {
    const { code } = toOutpostError(failure);
    if (code === 'server_unreachable') return t('welcome.unreachable');
    if (code === 'invalid' && !isChoosing) return t('welcome.badAddress');
    return errorText(failure);
  }

  async function signIn(newPassword?: string): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      await invokeMain(getBridge(), 'session.signIn', {
        serverUrl: withScheme(serverUrl),
        email: email.trim(),
        password,
        ...(newPassword === undefined ? {} : { newPassword }),
      });
    } catch (failure) {
      const isOneTime = toOutpostError(failure).code === 'password_change_required';
      if (isOneTime) setChoosing(true);
      else setError(signInText(failure));
    } finally {
      setBusy(false);
    }
  }

  if (isChoosing) {
    return (
      <OwnPasswordPanel
        error={error}
        isBusy={isBusy}
        onChoose={(newPassword) => void signIn(newPassword)}
        onBack={() => {
          setChoosing(false);
          setPassword('');
          setError(null);
        }}
      />
    );
  }
  if (isForgotten)
    return <ForgotPasswordPanel serverUrl={withScheme(serverUrl)} email={email} onBack={() => setForgotten(false)} />;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void signIn();
      }}
    >
      <Stack gap="sm">
        {error === null ? null : (
          <Alert color="red" role="alert">
            {error}
          </Alert>
        )}
        <TextInput
          label={t('welcome.server')}
          placeholder="https://crm.example.com"
          value={serverUrl}
          onChange={(event) => setServerUrl(event.currentTarget.value)}
          required
          autoFocus={serverUrl === ''}
        />
        <TextInput
          label={t('welcome.email')}
          type="email"
          autoComplete="username"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          required
          autoFocus={serverUrl !== '' && email === ''}
        />
        <PasswordInput
          label={t('welcome.password')}
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          required
          autoFocus={email !== ''}
          visibilityToggleButtonProps={{ 'aria-label': t('welcome.showPassword') }}
        />
        <Group>
          <Button
            variant="transparent"
            size="compact-sm"
            px={0}
            disabled={serverUrl.trim() === ''}
            onClick={() => setForgotten(true)}
          >
            {t('factors.forgot.link')}
          </Button>
        </Group>
        <PasskeyButton
          label={t('passkeys.enter')}
          isDisabled={serverUrl.trim() === ''}
          visit={async () => {
            const place = { serverUrl: withScheme(serverUrl), email: email.trim() };
            await invokeMain(getBridge(), 'session.enterByPasskey', place);
          }}
        />
        <Group justify="space-between" mt={4}>
          {props.onBack === undefined ? (
            <span />
          ) : (
            <Button variant="subtle" color="gray" onClick={props.onBack}>
              {t('common.back')}
            </Button>
          )}
          <Button type="submit" size="sm" loading={isBusy}>
            {t('welcome.signIn')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** People type `crm.example.com`; only an address on this computer may go without encryption. */
function withScheme(address: string): string {
  const trimmed = address.trim().replace(/\/+$/, '');
  if (/^https?:\/\//i.test(trimmed)) return trimmed;
  return /^(localhost|127\.|\[::1\])/.test(trimmed) ? `http://${trimmed}` : `https://${trimmed}`;
}
