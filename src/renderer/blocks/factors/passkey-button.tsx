import { Alert, Button, Group, Loader, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { toOutpostError } from '#shared/kernel/errors.ts';

interface PasskeyButtonProps {
  readonly label: string;
  readonly isDisabled?: boolean;
  /** Of its dialog. */
  readonly isFirst?: boolean;
  readonly variant?: 'filled' | 'default';
  /** Opens the browser of the system; settles when it is back. */
  readonly visit: () => Promise<void>;
}

/** A passkey is shown in the browser of the system; meanwhile this says so, and takes it back. */
export function PasskeyButton(props: PasskeyButtonProps) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [isAway, setAway] = useState(false);
  // Whoever comes back from the browser without a passkey stands where the way began.
  const [isBack, setBack] = useState(false);
  const [error, setError] = useState<string | null>(null);

  async function go(): Promise<void> {
    setAway(true);
    setError(null);
    try {
      await props.visit();
    } catch (failure) {
      setBack(true);
      if (toOutpostError(failure).code !== 'cancelled') setError(errorText(failure));
    } finally {
      setAway(false);
    }
  }

  if (isAway)
    return (
      <Stack gap="xs">
        <Group gap="sm" role="status" wrap="nowrap">
          <Loader size="sm" aria-hidden />
          <Text size="sm">{t('passkeys.away')}</Text>
        </Group>
        <Group>
          <Button
            variant="default"
            size="compact-sm"
            autoFocus
            onClick={() => void invokeMain(getBridge(), 'session.cancelPasskey', {})}
          >
            {t('common.cancel')}
          </Button>
        </Group>
      </Stack>
    );
  return (
    <Stack gap="xs">
      {error === null ? null : (
        <Alert color="red" role="alert">
          {error}
        </Alert>
      )}
      <Group>
        <Button
          variant={props.variant ?? 'default'}
          disabled={props.isDisabled ?? false}
          autoFocus={isBack}
          onClick={() => void go()}
          {...(props.isFirst === true ? { 'data-autofocus': true } : {})}
        >
          {props.label}
        </Button>
      </Group>
    </Stack>
  );
}
