// An invitation in the application: the link was opened, or is pasted here. Where it leads is shown before anything happens;
// then the person chooses the own password, and is in.
import { Alert, Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NewPasswordFields, useNewPassword } from '#renderer/blocks/new-password-fields.tsx';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { SignInPanel } from '#renderer/features/welcome/sign-in-panel.tsx';
import { toOutpostError } from '#shared/kernel/errors.ts';
import type { InvitationLink } from '#shared/sync/invitation-link.ts';
import classes from './welcome.module.css';

export function JoinPanel(props: {
  /** Null: it is pasted. */
  readonly invitation: InvitationLink | null;
  readonly onBack: () => void;
}) {
  const [invitation, setInvitation] = useState(props.invitation);
  if (invitation === null) return <PasteForm onRead={setInvitation} onBack={props.onBack} />;
  const { serverUrl, email, code } = invitation;
  // Whoever has a password already signs in with it.
  if (code === null) return <SignInPanel serverUrl={serverUrl} email={email} onBack={props.onBack} />;
  return <ChooseForm serverUrl={serverUrl} email={email} code={code} onBack={props.onBack} />;
}

function PasteForm(props: { readonly onRead: (invitation: InvitationLink) => void; readonly onBack: () => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [isWrong, setWrong] = useState(false);

  async function read(): Promise<void> {
    const invitation = await invokeMain(getBridge(), 'invitation.read', { text: text.trim().slice(0, 2000) });
    setWrong(invitation === null);
    if (invitation !== null) props.onRead(invitation);
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void read();
      }}
    >
      <Stack gap="sm">
        <Textarea
          label={t('invitations.paste')}
          description={<span className="op-muted">{t('invitations.pasteHint')}</span>}
          placeholder="https://crm.example.com/join#…"
          autosize
          minRows={3}
          value={text}
          error={isWrong ? t('invitations.noLink') : undefined}
          onChange={(event) => setText(event.currentTarget.value)}
          autoFocus
        />
        <Group justify="space-between" mt={4}>
          <Button variant="subtle" color="gray" onClick={props.onBack}>
            {t('common.back')}
          </Button>
          <Button type="submit" size="sm" disabled={text.trim() === ''}>
            {t('invitations.next')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface ChooseProps {
  readonly serverUrl: string;
  readonly email: string;
  readonly code: string;
  readonly onBack: () => void;
}

function ChooseForm({ serverUrl, email, code, onBack }: ChooseProps) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const chosen = useNewPassword();
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  async function join(): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      const newPassword = chosen.value;
      await invokeMain(getBridge(), 'session.signIn', { serverUrl, email, password: code, newPassword });
    } catch (failure) {
      const isSpent = toOutpostError(failure).code === 'wrong_credentials';
      setError(isSpent ? t('invitations.page.errors.wrong_credentials') : errorText(failure));
    } finally {
      setBusy(false);
    }
  }

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (chosen.check()) void join();
      }}
    >
      <Stack gap="sm">
        <Text size="sm">{t('invitations.leadsTo')}</Text>
        <dl className={classes.facts}>
          <dt>{t('welcome.server')}</dt>
          <dd data-selectable>{serverUrl}</dd>
          <dt>{t('welcome.email')}</dt>
          <dd data-selectable>{email}</dd>
        </dl>
        {error === null ? null : (
          <Alert color="red" role="alert">
            {error}
          </Alert>
        )}
        <NewPasswordFields {...chosen.fields} isFirst />
        <Group justify="space-between" mt={4}>
          <Button variant="subtle" color="gray" onClick={onBack}>
            {t('common.back')}
          </Button>
          <Button type="submit" size="sm" loading={isBusy}>
            {t('welcome.saveAndSignIn')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
