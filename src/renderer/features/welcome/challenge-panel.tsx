// Between a right password and the first screen: the second factor, setting one up, putting recovery codes away, a new
// password. What is asked comes from the server, one thing after the other.
import { Alert, Button, Divider, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CodeInput } from '#renderer/blocks/factors/code-input.tsx';
import { PasskeyButton } from '#renderer/blocks/factors/passkey-button.tsx';
import { RecoveryCodeList } from '#renderer/blocks/factors/recovery-codes.tsx';
import { TotpSetupForm } from '#renderer/blocks/factors/totp-setup.tsx';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { OwnPasswordPanel } from '#renderer/features/welcome/own-password-panel.tsx';
import type { SessionState } from '#shared/ipc/session-state.ts';
import type { Proof } from '#shared/sync/sign-in-messages.ts';

type Challenged = Extract<SessionState, { readonly status: 'challenged' }>;

const goBack = (): void => void invokeMain(getBridge(), 'session.dropChallenge', {});
const answer = async (proof: Proof): Promise<void> => {
  await invokeMain(getBridge(), 'session.answer', { proof });
};

export function ChallengePanel(props: { readonly session: Challenged }) {
  const { session } = props;
  if (session.need === 'secondFactor') return <SecondFactorPanel session={session} />;
  if (session.need === 'setUpFactor') return <SetUpPanel session={session} />;
  if (session.need === 'keepCodes') return <KeepCodesPanel codes={session.recoveryCodes ?? []} />;
  return <NewPasswordPanel />;
}

/** Runs an answer and says what became of it. */
function useAnswer() {
  const errorText = useErrorText();
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  async function run(proof: Proof): Promise<boolean> {
    setBusy(true);
    setError(null);
    try {
      await answer(proof);
      return true;
    } catch (failure) {
      setError(errorText(failure));
      return false;
    } finally {
      setBusy(false);
    }
  }
  return { error, isBusy, run, forget: () => setError(null) };
}

function SecondFactorPanel(props: { readonly session: Challenged }) {
  const { t } = useTranslation();
  const { ways, email } = props.session;
  const [isRecovery, setRecovery] = useState(!ways.includes('totp'));
  const [code, setCode] = useState('');
  const { error, isBusy, run, forget } = useAnswer();
  const hasCodes = ways.includes('totp') || ways.includes('recoveryCode');
  const canSwitch = ways.includes('totp') && ways.includes('recoveryCode');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void run({ kind: isRecovery ? 'recoveryCode' : 'totp', code }).then(() => setCode(''));
      }}
    >
      <Stack gap="sm" data-testid="second-factor">
        {ways.includes('passkey') ? (
          <PasskeyButton
            label={t('passkeys.use')}
            variant={hasCodes ? 'default' : 'filled'}
            visit={async () => {
              await invokeMain(getBridge(), 'session.answerByPasskey', {});
            }}
          />
        ) : null}
        {hasCodes ? (
          <Text size="sm">{t(isRecovery ? 'factors.askRecovery' : 'factors.askCode', { email })}</Text>
        ) : (
          <Text size="sm">{t('passkeys.ask', { email })}</Text>
        )}
        {error === null ? null : (
          <Alert color="red" role="alert">
            {error}
          </Alert>
        )}
        {hasCodes ? (
          <CodeInput
            key={String(isRecovery)}
            label={t(isRecovery ? 'factors.recoveryCode' : 'factors.code')}
            value={code}
            onChange={setCode}
            isFigures={!isRecovery}
            isFirst
          />
        ) : null}
        {canSwitch ? (
          <Group>
            <Button
              variant="transparent"
              size="compact-sm"
              px={0}
              onClick={() => {
                setRecovery(!isRecovery);
                setCode('');
                forget();
              }}
            >
              {t(isRecovery ? 'factors.useApp' : 'factors.useRecovery')}
            </Button>
          </Group>
        ) : null}
        <Group justify="space-between" mt={4}>
          <Button variant="subtle" color="gray" onClick={goBack} disabled={isBusy}>
            {t('common.back')}
          </Button>
          {hasCodes ? (
            <Button type="submit" size="sm" loading={isBusy} disabled={code.trim() === ''}>
              {t('welcome.signIn')}
            </Button>
          ) : null}
        </Group>
      </Stack>
    </form>
  );
}

function SetUpPanel(props: { readonly session: Challenged }) {
  const { t } = useTranslation();
  return (
    <Stack gap="sm" data-testid="set-up-factor">
      <Text fw={600}>{t('factors.required')}</Text>
      {props.session.ways.includes('passkey') ? (
        <>
          <Text size="sm">{t('passkeys.addText')}</Text>
          <PasskeyButton
            label={t('passkeys.add')}
            visit={async () => {
              await invokeMain(getBridge(), 'session.answerByPasskey', {});
            }}
          />
          <Divider label={t('factors.orApp')} />
        </>
      ) : null}
      <TotpSetupForm
        begin={() => invokeMain(getBridge(), 'session.beginTotp', {})}
        confirm={(code) => answer({ kind: 'totp', code })}
        onBack={goBack}
      />
    </Stack>
  );
}

function KeepCodesPanel(props: { readonly codes: readonly string[] }) {
  const { t } = useTranslation();
  const { error, isBusy, run } = useAnswer();
  return (
    <Stack gap="sm">
      {error === null ? null : (
        <Alert color="red" role="alert">
          {error}
        </Alert>
      )}
      <RecoveryCodeList
        codes={props.codes}
        doneLabel={t('welcome.signIn')}
        isBusy={isBusy}
        onDone={() => void run({ kind: 'codesKept' })}
      />
    </Stack>
  );
}

function NewPasswordPanel() {
  const { t } = useTranslation();
  const { error, isBusy, run } = useAnswer();
  return (
    <OwnPasswordPanel
      text={t('factors.betterPassword')}
      error={error}
      isBusy={isBusy}
      onChoose={(newPassword) => void run({ kind: 'newPassword', newPassword })}
      onBack={goBack}
    />
  );
}
