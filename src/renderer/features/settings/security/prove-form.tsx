import { Alert, Button, Divider, Group, PasswordInput, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CodeInput } from '#renderer/blocks/factors/code-input.tsx';
import { PasskeyButton } from '#renderer/blocks/factors/passkey-button.tsx';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { toOutpostError } from '#shared/kernel/errors.ts';
import type { OwnFactors } from '#shared/sync/sign-in-messages.ts';

/** Who one is, once more, before the way to sign in changes: by everything that is typed at a sign-in, or by a passkey. */
export function ProveForm(props: {
  readonly own: OwnFactors;
  readonly onProved: () => void;
  readonly onBack: () => void;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const hasApp = props.own.factors.some(({ kind }) => kind === 'totp');
  const hasPasskey = props.own.factors.some(({ kind }) => kind === 'passkey');
  const isTyped = props.own.hasPassword || hasApp || !hasPasskey;

  async function prove(): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      await invokeMain(getBridge(), 'factors.prove', {
        ...(password === '' ? {} : { password }),
        ...(code.trim() === '' ? {} : { code }),
      });
      props.onProved();
    } catch (failure) {
      setCode('');
      const isPassword = toOutpostError(failure).code === 'wrong_credentials';
      setError(isPassword ? t('settings.password.wrong') : errorText(failure));
    } finally {
      setBusy(false);
    }
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void prove();
      }}
    >
      <Stack gap="sm" data-testid="prove">
        <Text size="sm">{t('factors.prove.text')}</Text>
        {error === null ? null : (
          <Alert color="red" role="alert">
            {error}
          </Alert>
        )}
        {hasPasskey ? (
          <PasskeyButton
            label={t('passkeys.use')}
            variant={isTyped ? 'default' : 'filled'}
            visit={async () => {
              await invokeMain(getBridge(), 'factors.proveByPasskey', {});
              props.onProved();
            }}
          />
        ) : null}
        {hasPasskey && isTyped ? <Divider label={t('factors.prove.or')} /> : null}
        {props.own.hasPassword ? (
          <PasswordInput
            label={t('settings.password.current')}
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            required
            data-autofocus
            visibilityToggleButtonProps={{ 'aria-label': t('welcome.showPassword') }}
          />
        ) : null}
        {hasApp ? (
          <CodeInput
            label={t('factors.code')}
            description={t('factors.prove.orRecovery')}
            value={code}
            onChange={setCode}
            isFigures={false}
            isFirst={!props.own.hasPassword}
          />
        ) : null}
        <Group justify="space-between">
          <Button variant="subtle" color="gray" onClick={props.onBack}>
            {t('common.back')}
          </Button>
          {isTyped ? (
            <Button type="submit" loading={isBusy}>
              {t('factors.prove.confirm')}
            </Button>
          ) : null}
        </Group>
      </Stack>
    </form>
  );
}
