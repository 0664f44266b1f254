import { Alert, Button, PasswordInput, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';

/** This computer has no keychain: a passphrase protects the local data instead. */
export function UnlockPanel(props: { readonly isNew: boolean }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [passphrase, setPassphrase] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  async function unlock(): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      await invokeMain(getBridge(), 'secrets.unlock', { passphrase });
    } catch (failure) {
      setError(errorText(failure));
    } finally {
      setBusy(false);
    }
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void unlock();
      }}
    >
      <Stack gap="sm">
        <Text size="sm">{props.isNew ? t('unlock.newText') : t('unlock.text')}</Text>
        {error === null ? null : (
          <Alert color="red" role="alert">
            {error}
          </Alert>
        )}
        <PasswordInput
          label={t('unlock.passphrase')}
          value={passphrase}
          onChange={(event) => setPassphrase(event.currentTarget.value)}
          minLength={props.isNew ? 8 : 1}
          required
          autoFocus
          visibilityToggleButtonProps={{ 'aria-label': t('welcome.showPassword') }}
        />
        <Button type="submit" size="sm" loading={isBusy}>
          {props.isNew ? t('unlock.create') : t('unlock.unlock')}
        </Button>
      </Stack>
    </form>
  );
}
