import { Alert, Button, PasswordInput, Stack, Text } from '@mantine/core';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';

/**
 * This computer has no keychain: a passphrase protects the local data instead. It is typed twice when it is chosen,
 * because nothing opens what a slip of the finger has locked.
 */
export function UnlockPanel(props: { readonly isNew: boolean }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const [isTried, setTried] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const second = useRef<HTMLInputElement>(null);
  const differs = props.isNew && passphrase !== again;

  async function unlock(): Promise<void> {
    setTried(true);
    if (differs) {
      second.current?.focus();
      return;
    }
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

  const toggle = { 'aria-label': t('unlock.show') };
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
          autoComplete={props.isNew ? 'new-password' : 'current-password'}
          value={passphrase}
          onChange={(event) => setPassphrase(event.currentTarget.value)}
          minLength={props.isNew ? 8 : 1}
          required
          autoFocus
          visibilityToggleButtonProps={toggle}
        />
        {props.isNew ? (
          <PasswordInput
            ref={second}
            label={t('unlock.onceMore')}
            autoComplete="new-password"
            value={again}
            onChange={(event) => setAgain(event.currentTarget.value)}
            error={isTried && differs ? t('unlock.differs') : null}
            required
            visibilityToggleButtonProps={toggle}
          />
        ) : null}
        <Button type="submit" size="sm" loading={isBusy}>
          {props.isNew ? t('unlock.create') : t('unlock.unlock')}
        </Button>
      </Stack>
    </form>
  );
}
