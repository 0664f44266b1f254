import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CodeInput } from '#renderer/blocks/factors/code-input.tsx';
import { QrCode } from '#renderer/blocks/factors/qr-code.tsx';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import type { TotpSetup } from '#shared/sync/sign-in-messages.ts';

interface TotpSetupProps {
  readonly begin: () => Promise<TotpSetup>;
  /** With the first code that the app shows. */
  readonly confirm: (code: string) => Promise<void>;
  readonly onBack: () => void;
}

/** An authenticator app is connected: picture or key into the app, its first code into here. */
export function TotpSetupForm(props: TotpSetupProps) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const { begin } = props;
  const [setup, setSetup] = useState<TotpSetup | null>(null);
  const [code, setCode] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    let isShown = true;
    begin().then(
      (made) => {
        if (isShown) setSetup(made);
      },
      (failure: unknown) => {
        if (isShown) setError(errorText(failure));
      },
    );
    return () => {
      isShown = false;
    };
    // Asked once: each question makes another key.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  async function confirm(): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      await props.confirm(code);
    } catch (failure) {
      setError(errorText(failure));
      setCode('');
    } finally {
      setBusy(false);
    }
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void confirm();
      }}
    >
      <Stack gap="sm">
        <Text size="sm">{t('factors.setUp.text')}</Text>
        {error === null ? null : (
          <Alert color="red" role="alert">
            {error}
          </Alert>
        )}
        {setup === null ? null : (
          <>
            <Group align="flex-start" wrap="nowrap">
              <QrCode text={setup.uri} label={t('factors.setUp.picture')} />
              <Stack gap={4}>
                <Text size="sm">{t('factors.setUp.orType')}</Text>
                <Code block data-testid="totp-secret" style={{ whiteSpace: 'pre-wrap', wordBreak: 'break-all' }}>
                  {setup.secret.replaceAll(/(.{4})/g, '$1 ').trim()}
                </Code>
              </Stack>
            </Group>
            <CodeInput label={t('factors.code')} value={code} onChange={setCode} isFigures isFirst />
          </>
        )}
        <Group justify="space-between" mt={4}>
          <Button variant="subtle" color="gray" onClick={props.onBack} disabled={isBusy}>
            {t('common.back')}
          </Button>
          <Button type="submit" size="sm" loading={isBusy} disabled={setup === null || code.trim() === ''}>
            {t('factors.setUp.confirm')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
