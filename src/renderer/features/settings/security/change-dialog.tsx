// One change of how somebody signs in, step by step in one dialog: who one is where that was not shown lately, the change, and
// recovery codes where there are new ones.
import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PasskeyButton } from '#renderer/blocks/factors/passkey-button.tsx';
import { RecoveryCodeList } from '#renderer/blocks/factors/recovery-codes.tsx';
import { TotpSetupForm } from '#renderer/blocks/factors/totp-setup.tsx';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { ProveForm } from '#renderer/features/settings/security/prove-form.tsx';
import { toOutpostError } from '#shared/kernel/errors.ts';
import type { OwnFactors } from '#shared/sync/sign-in-messages.ts';

export type FactorChange =
  | { readonly kind: 'addApp' }
  | { readonly kind: 'addPasskey' }
  | { readonly kind: 'renewCodes' }
  | { readonly kind: 'remove'; readonly id: string; readonly name: string };

interface ChangeDialogProps {
  readonly change: FactorChange;
  readonly own: OwnFactors;
  readonly onClose: () => void;
}

export function ChangeDialog(props: ChangeDialogProps) {
  const { t } = useTranslation();
  const { change, own, onClose } = props;
  const [isProved, setProved] = useState(own.provedUntil !== null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  /** A proof that is over is asked for again. */
  async function proved<Value>(work: Promise<Value>): Promise<Value> {
    try {
      return await work;
    } catch (failure) {
      if (toOutpostError(failure).code === 'proof_required') setProved(false);
      throw failure;
    }
  }
  const finish = (made: readonly string[]): void => {
    if (made.length === 0) onClose();
    else setCodes(made);
  };
  function content() {
    if (codes !== null)
      return <RecoveryCodeList codes={codes} doneLabel={t('factors.done')} isBusy={false} onDone={onClose} />;
    if (!isProved) return <ProveForm own={own} onProved={() => setProved(true)} onBack={onClose} />;
    if (change.kind === 'addApp')
      return (
        <TotpSetupForm
          begin={() => proved(invokeMain(getBridge(), 'factors.beginTotp', {}))}
          confirm={async (code) =>
            finish((await invokeMain(getBridge(), 'factors.confirmTotp', { code })).recoveryCodes)
          }
          onBack={onClose}
        />
      );
    if (change.kind === 'addPasskey')
      return (
        <Stack gap="sm">
          <Text size="sm">{t('passkeys.addText')}</Text>
          <PasskeyButton
            label={t('passkeys.add')}
            variant="filled"
            isFirst
            visit={async () => finish((await proved(invokeMain(getBridge(), 'factors.addPasskey', {}))).recoveryCodes)}
          />
        </Stack>
      );
    return <ConfirmStep change={change} proved={proved} onDone={finish} onBack={onClose} />;
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(`factors.change.${change.kind}`)}
      // Shown only once: a click beside it must not take it away.
      closeOnClickOutside={codes === null}
      closeOnEscape={codes === null}
      withCloseButton={codes === null}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {content()}
    </Modal>
  );
}

function ConfirmStep(props: {
  readonly change: Exclude<FactorChange, { readonly kind: 'addApp' | 'addPasskey' }>;
  readonly proved: <Value>(work: Promise<Value>) => Promise<Value>;
  readonly onDone: (codes: readonly string[]) => void;
  readonly onBack: () => void;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const { change } = props;
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  async function run(): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      if (change.kind === 'renewCodes')
        props.onDone((await props.proved(invokeMain(getBridge(), 'factors.renewCodes', {}))).recoveryCodes);
      else {
        await props.proved(invokeMain(getBridge(), 'factors.remove', { id: change.id }));
        props.onDone([]);
      }
    } catch (failure) {
      setError(errorText(failure));
    } finally {
      setBusy(false);
    }
  }

  return (
    <Stack gap="sm">
      <Text size="sm">
        {change.kind === 'remove' ? t('factors.removeText', { name: change.name }) : t('factors.renewText')}
      </Text>
      {error === null ? null : (
        <Alert color="red" role="alert">
          {error}
        </Alert>
      )}
      <Group justify="space-between">
        <Button variant="subtle" color="gray" onClick={props.onBack}>
          {t('common.back')}
        </Button>
        <Button
          {...(change.kind === 'remove' ? { color: 'red' } : {})}
          loading={isBusy}
          onClick={() => void run()}
          data-autofocus
        >
          {t(change.kind === 'remove' ? 'factors.remove' : 'factors.renew')}
        </Button>
      </Group>
    </Stack>
  );
}
