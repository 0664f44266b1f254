// Connects a mailbox: who, where, how to sign in, who reads what is kept. Both servers are tried before anything is kept.
import {
  Alert,
  Button,
  Checkbox,
  Group,
  Modal,
  NumberInput,
  PasswordInput,
  Radio,
  SegmentedControl,
  Select,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { useTypedForm } from '#renderer/blocks/typed-forms.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { presets } from '#renderer/features/settings/mailboxes/presets.ts';
import { isJsonEqual } from '#shared/kernel/json.ts';
import {
  mailPresets,
  mailVisibilities,
  type MailAccountInput,
  type MailAccountState,
  type MailFailure,
  type MailServer,
  type ShownOAuth,
} from '#shared/mail/mail-types.ts';
import classes from './mailboxes.module.css';

// The editor comes with the form, not with the settings.
const RichText = lazy(async () => ({ default: (await import('#renderer/blocks/rich-text/rich-text.tsx')).RichText }));

const empty: MailAccountInput = {
  address: '',
  name: '',
  preset: 'other',
  ...presets.other,
  user: '',
  visibility: 'participants',
  signature: '',
  isOwnNetwork: false,
};

function inputOf(account: MailAccountState): MailAccountInput {
  const { address, name, preset, imap, smtp, user, auth, visibility, signature, isOwnNetwork } = account;
  const { signatureHtml = null } = account;
  const oauth = account.oauth === null ? null : registrationOf(account.oauth);
  return { address, name, preset, imap, smtp, user, auth, oauth, visibility, signature, signatureHtml, isOwnNetwork };
}

function registrationOf({ hasSecret, ...oauth }: ShownOAuth): NonNullable<MailAccountInput['oauth']> {
  return { ...oauth, clientSecret: hasSecret ? null : '' };
}

export function MailboxForm(props: { readonly account: MailAccountState | null; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [account, setAccount] = useState<MailAccountInput>(() =>
    props.account === null ? empty : inputOf(props.account),
  );
  const [begun] = useState(account);
  const [password, setPassword] = useState('');
  useTypedForm(password !== '' || !isJsonEqual(account, begun));
  const [isBusy, setBusy] = useState(false);
  const [problems, setProblems] = useState<readonly string[]>([]);
  const change = (next: Partial<MailAccountInput>): void => setAccount((before) => ({ ...before, ...next }));

  const told = (server: 'imap' | 'smtp', failure: MailFailure): string =>
    `${t(`mailbox.server.${server}`)}: ${t(`mailbox.failure.${failure.kind}`)}${failure.detail === '' ? '' : ` “${failure.detail}”`}`;

  async function connect(): Promise<void> {
    setBusy(true);
    setProblems([]);
    try {
      const whole = { ...account, user: account.user === '' ? account.address : account.user };
      const input = { id: props.account?.id ?? null, account: whole, password: password === '' ? null : password };
      if (account.auth === 'oauth') {
        await invokeMain(getBridge(), 'mailbox.signIn', input);
        props.onClose();
        return;
      }
      const trial = await invokeMain(getBridge(), 'mailbox.try', input);
      const found = [
        ...(trial.imap === null ? [] : [told('imap', trial.imap)]),
        ...(trial.smtp === null ? [] : [told('smtp', trial.smtp)]),
      ];
      setProblems(found);
      if (found.length > 0) return;
      await invokeMain(getBridge(), 'mailbox.save', input);
      props.onClose();
    } catch (failure) {
      setProblems([errorText(failure)]);
    } finally {
      setBusy(false);
    }
  }

  function close(): void {
    if (isBusy && account.auth === 'oauth') void invokeMain(getBridge(), 'mailbox.cancelSignIn', {});
    props.onClose();
  }

  const isComplete =
    account.address.includes('@') &&
    account.imap.host !== '' &&
    account.smtp.host !== '' &&
    (account.auth === 'oauth' ? (account.oauth?.clientId ?? '') !== '' : password !== '' || props.account !== null);

  return (
    <Modal
      opened
      onClose={close}
      size={620}
      closeOnClickOutside={false}
      title={<Text fw={600}>{t(props.account === null ? 'mailbox.connect' : 'settings.mailboxes.changeTitle')}</Text>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void connect();
        }}
      >
        <Stack gap={12}>
          <SegmentedControl
            aria-label={t('settings.mailboxes.provider')}
            value={account.preset}
            data={mailPresets.map((preset) => ({ value: preset, label: t(`settings.mailboxes.preset.${preset}`) }))}
            onChange={(preset) => change({ preset, ...presets[preset] })}
          />
          <Group grow align="start">
            <TextInput
              label={t('settings.mailboxes.address')}
              value={account.address}
              data-autofocus
              required
              onChange={(event) => change({ address: event.currentTarget.value.trim() })}
            />
            <TextInput
              label={t('settings.mailboxes.name')}
              value={account.name}
              onChange={(event) => change({ name: event.currentTarget.value })}
            />
          </Group>
          {account.auth === 'password' ? (
            <PasswordInput
              label={t('settings.mailboxes.password')}
              description={t('settings.mailboxes.passwordHint')}
              value={password}
              placeholder={props.account === null ? '' : t('settings.mailboxes.passwordKept')}
              autoComplete="off"
              visibilityToggleButtonProps={{ 'aria-label': t('welcome.showPassword') }}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
          ) : null}
          {account.oauth === null ? null : (
            <OauthFields oauth={account.oauth} onChange={(oauth) => change({ oauth })} />
          )}
          {account.preset === 'other' ? (
            <>
              <ServerFields name="imap" server={account.imap} onChange={(imap) => change({ imap })} />
              <ServerFields name="smtp" server={account.smtp} onChange={(smtp) => change({ smtp })} />
              <TextInput
                label={t('settings.mailboxes.user')}
                placeholder={account.address}
                value={account.user}
                onChange={(event) => change({ user: event.currentTarget.value })}
              />
              <Group>
                <Checkbox
                  label={t('settings.mailboxes.ownNetwork')}
                  description={t('settings.mailboxes.ownNetworkHint')}
                  checked={account.isOwnNetwork}
                  onChange={(event) => change({ isOwnNetwork: event.currentTarget.checked })}
                />
                <Checkbox
                  label={t('settings.mailboxes.byProvider')}
                  checked={account.auth === 'oauth'}
                  onChange={(event) =>
                    change(
                      event.currentTarget.checked
                        ? {
                            auth: 'oauth',
                            oauth: { clientId: '', clientSecret: '', authorizeUrl: '', tokenUrl: '', scope: '' },
                          }
                        : { auth: 'password', oauth: null },
                    )
                  }
                />
              </Group>
            </>
          ) : null}
          <Radio.Group
            label={t('mailbox.whoReads')}
            description={t('settings.mailboxes.visibilityText')}
            value={account.visibility}
            onChange={(value) =>
              change({ visibility: mailVisibilities.find((name) => name === value) ?? 'participants' })
            }
          >
            <Stack gap={6} mt={6}>
              {mailVisibilities.map((name) => (
                <Radio
                  key={name}
                  value={name}
                  label={t(`mailbox.visibility.${name}`)}
                  description={t(`mailbox.visibilityHint.${name}`)}
                />
              ))}
            </Stack>
          </Radio.Group>
          <Suspense>
            <RichText
              label={t('settings.mailboxes.signature')}
              initial={{ text: account.signature, html: account.signatureHtml ?? null }}
              isSmall
              onChange={({ text, html }) => change({ signature: text, signatureHtml: html })}
            />
          </Suspense>
          {problems.length === 0 ? null : (
            <Alert color="red" role="alert">
              {problems.map((problem) => (
                <div key={problem}>{problem}</div>
              ))}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={isBusy} disabled={!isComplete}>
              {t(account.auth === 'oauth' ? 'settings.mailboxes.signIn' : 'settings.mailboxes.tryAndSave')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function ServerFields(props: {
  readonly name: 'imap' | 'smtp';
  readonly server: MailServer;
  readonly onChange: (server: MailServer) => void;
}) {
  const { t } = useTranslation();
  const { name, server, onChange } = props;
  const securities = ['tls', 'starttls', 'none'] as const;
  return (
    <fieldset className={classes.fieldset}>
      <legend className={classes.legend}>{t(`mailbox.server.${name}`)}</legend>
      <div className={classes.servers}>
        <TextInput
          aria-label={t('settings.mailboxes.host', { server: t(`mailbox.server.${name}`) })}
          value={server.host}
          placeholder={`${name}.example.com`}
          onChange={(event) => onChange({ ...server, host: event.currentTarget.value.trim() })}
        />
        <NumberInput
          aria-label={t('settings.mailboxes.port', { server: t(`mailbox.server.${name}`) })}
          value={server.port}
          min={1}
          max={65_535}
          hideControls
          allowDecimal={false}
          onChange={(value) => onChange({ ...server, port: Number(value) || server.port })}
        />
        <Select
          aria-label={t('settings.mailboxes.security', { server: t(`mailbox.server.${name}`) })}
          value={server.security}
          allowDeselect={false}
          data={securities.map((value) => ({ value, label: t(`settings.mailboxes.securities.${value}`) }))}
          onChange={(value) => onChange({ ...server, security: securities.find((known) => known === value) ?? 'tls' })}
        />
      </div>
    </fieldset>
  );
}

function OauthFields(props: {
  readonly oauth: NonNullable<MailAccountInput['oauth']>;
  readonly onChange: (oauth: NonNullable<MailAccountInput['oauth']>) => void;
}) {
  const { t } = useTranslation();
  const { oauth, onChange } = props;
  const isKnown = Object.values(presets).some((preset) => preset.oauth?.tokenUrl === oauth.tokenUrl);
  const names = isKnown
    ? (['clientId', 'clientSecret'] as const)
    : (['clientId', 'clientSecret', 'authorizeUrl', 'tokenUrl', 'scope'] as const);
  return (
    <Stack gap={8}>
      <Text size="sm" c="dimmed">
        {t('settings.mailboxes.oauthText')}
      </Text>
      {names.map((name) => (
        <TextInput
          key={name}
          label={t(`settings.mailboxes.oauth.${name}`)}
          value={oauth[name] ?? ''}
          {...(oauth[name] === null ? { placeholder: t('settings.mailboxes.secretKept') } : {})}
          {...(name === 'clientSecret' ? { type: 'password', autoComplete: 'off' } : {})}
          onChange={(event) => onChange({ ...oauth, [name]: event.currentTarget.value.trim() })}
        />
      ))}
    </Stack>
  );
}
