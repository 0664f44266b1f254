import { Alert, Button, Group, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PasskeyButton } from '#renderer/blocks/factors/passkey-button.tsx';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import { toOutpostError, type ErrorData } from '#shared/kernel/errors.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { ForgotPasswordPanel } from '#renderer/features/welcome/forgot-password-panel.tsx';
import { BrowserPanel } from '#renderer/features/welcome/browser-panel.tsx';
import { ProviderWays } from '#renderer/features/welcome/provider-ways.tsx';
import { useAddressWays } from '#renderer/features/welcome/use-address-ways.ts';
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
  const [usesPassword, setUsesPassword] = useState(false);
  const [inBrowser, setInBrowser] = useState<string | null>(null);
  const { ways, ask } = useAddressWays(withScheme(serverUrl), email);
  const directory = usesPassword ? undefined : ways.providers.find(({ kind }) => kind === 'ldap');
  const asksPassword = ways.providers.length === 0 || usesPassword || directory !== undefined;
  // Who comes back finds the address filled in.
  useEffect(() => {
    if (props.email !== null) ask();
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  /** Nobody is signed in yet: what cannot be read here is the address that was typed. */
  function signInText(failure: unknown): string {
    const { code, details } = toOutpostError(failure);
    if (code === 'sso_refused')
      return t(`sso.refusals.${textOf(details['reason'])}`, { defaultValue: errorText(failure) });
    if (code === 'invalid' && !isChoosing && details['problems'] === undefined) return t('welcome.badAddress');
    return errorText(failure);
  }

  async function signIn(newPassword?: string): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      const place = { serverUrl: withScheme(serverUrl), email: email.trim() };
      if (directory !== undefined)
        await invokeMain(getBridge(), 'session.signInByDirectory', { ...place, providerId: directory.id, password });
      else
        await invokeMain(getBridge(), 'session.signIn', {
          ...place,
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

  async function signInByBrowser({ id, name }: { readonly id: string; readonly name: string }): Promise<void> {
    setInBrowser(name);
    setError(null);
    try {
      const place = { serverUrl: withScheme(serverUrl), email: email.trim(), providerId: id };
      await invokeMain(getBridge(), 'session.signInByBrowser', place);
    } catch (failure) {
      if (toOutpostError(failure).code !== 'cancelled') setError(signInText(failure));
    } finally {
      setInBrowser(null);
    }
  }

  if (inBrowser !== null) {
    return (
      <BrowserPanel
        provider={inBrowser}
        onCancel={() => {
          void invokeMain(getBridge(), 'session.cancelBrowser', {});
          setInBrowser(null);
        }}
      />
    );
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
          onBlur={ask}
          required
          autoFocus={serverUrl === ''}
        />
        <TextInput
          label={t('welcome.email')}
          type="email"
          autoComplete="username"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          onBlur={ask}
          required
          autoFocus={serverUrl !== '' && email === ''}
        />
        {asksPassword ? (
          <PasswordInput
            label={
              directory === undefined ? t('welcome.password') : t('welcome.passwordOf', { provider: directory.name })
            }
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            required
            autoFocus={props.email !== null}
            visibilityToggleButtonProps={{ 'aria-label': t('welcome.showPassword') }}
          />
        ) : null}
        {asksPassword && directory === undefined ? (
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
        ) : null}
        {asksPassword && directory === undefined ? (
          <PasskeyButton
            label={t('passkeys.enter')}
            isDisabled={serverUrl.trim() === ''}
            visit={async () => {
              setError(null);
              const place = { serverUrl: withScheme(serverUrl), email: email.trim() };
              await invokeMain(getBridge(), 'session.enterByPasskey', place);
            }}
          />
        ) : null}
        {ways.providers.length === 0 ? null : (
          <ProviderWays
            ways={ways}
            usesPassword={usesPassword}
            isBusy={isBusy}
            onBrowser={(provider) => void signInByBrowser(provider)}
            onUsePassword={setUsesPassword}
          />
        )}
        <Group justify="space-between" mt={4}>
          {props.onBack === undefined ? (
            <span />
          ) : (
            <Button variant="subtle" color="gray" onClick={props.onBack}>
              {t('common.back')}
            </Button>
          )}
          {asksPassword ? (
            <Button type="submit" size="sm" loading={isBusy}>
              {t('welcome.signIn')}
            </Button>
          ) : null}
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
