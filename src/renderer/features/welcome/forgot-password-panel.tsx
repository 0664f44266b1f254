import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { toOutpostError } from '#shared/kernel/errors.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';

/** Asks for a link to a new password. What is said afterwards is the same for every address. */
export function ForgotPasswordPanel(props: {
  readonly serverUrl: string;
  readonly email: string;
  readonly onBack: () => void;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [email, setEmail] = useState(props.email);
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [isSent, setSent] = useState(false);

  async function ask(): Promise<void> {
    setBusy(true);
    setError(null);
    setSent(false);
    try {
      await invokeMain(getBridge(), 'session.askReset', { serverUrl: props.serverUrl, email });
      setSent(true);
    } catch (failure) {
      const { code, details } = toOutpostError(failure);
      // The address that was typed a screen before.
      const isAddress = code === 'invalid' && details['problems'] === undefined;
      setError(isAddress ? t('welcome.badAddress') : errorText(failure));
    } finally {
      setBusy(false);
    }
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void ask();
      }}
    >
      <Stack gap="sm" data-testid="forgot-password">
        <Text size="sm">{t('factors.forgot.text')}</Text>
        {error === null ? null : (
          <Alert color="red" role="alert">
            {error}
          </Alert>
        )}
        <TextInput
          label={t('welcome.email')}
          type="email"
          autoComplete="username"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          required
          autoFocus
        />
        <div role="status">{isSent ? <Alert color="green">{t('factors.forgot.sent')}</Alert> : null}</div>
        <Group justify="space-between" mt={4}>
          <Button variant="subtle" color="gray" onClick={props.onBack}>
            {t('common.back')}
          </Button>
          <Button type="submit" size="sm" loading={isBusy} disabled={email.trim() === ''}>
            {t('factors.forgot.send')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
