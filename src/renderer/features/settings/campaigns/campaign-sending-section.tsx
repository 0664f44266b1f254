// Settings › Sending campaigns: by which mail server or provider campaigns go out, and whether it lets the server in. The
// password or key goes to the server and never comes back.
import { Alert, Button, Group, NativeSelect, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { askCampaigns, useCampaignCall } from '#renderer/blocks/campaigns/use-campaign-calls.ts';
import { BounceMailboxForm } from '#renderer/features/settings/campaigns/bounce-mailbox-form.tsx';
import { ServerProblem } from '#renderer/blocks/server-problem.tsx';
import { useServerRead } from '#renderer/blocks/use-server-read.ts';
import { useTypedForm } from '#renderer/blocks/typed-forms.ts';
import { useIsOnline } from '#renderer/blocks/use-is-online.ts';
import { ProviderReportsForm } from '#renderer/features/settings/campaigns/provider-reports-form.tsx';
import { PortFields } from '#renderer/features/settings/campaigns/port-fields.tsx';
import classes from '#renderer/features/settings/settings.module.css';
import { isMailAddress, plainAddress } from '#shared/campaigns/audience.ts';
import type { ProviderState } from '#shared/campaigns/campaign-calls.ts';
import { reportingProviders } from '#shared/campaigns/provider-reports.ts';
import { providerKinds, type ProviderKind, type ProviderSettings } from '#shared/campaigns/provider-settings.ts';

type TextField = 'fromName' | 'fromAddress' | 'host' | 'user' | 'domain' | 'endpoint';

/** What each kind asks for, besides who it comes from. */
const fieldsOf: Readonly<Record<ProviderKind, readonly TextField[]>> = {
  server: [],
  smtp: ['host', 'user'],
  sendgrid: ['endpoint'],
  mailgun: ['domain', 'endpoint'],
  ses: ['user', 'domain', 'endpoint'],
};

export function CampaignSendingSection() {
  const { t } = useTranslation();
  const isOnline = useIsOnline();
  const [known, setKnown] = useState<ProviderState | null>(null);
  const read = useCallback(() => askCampaigns('readProvider', {}).then(setKnown), []);
  const { problem } = useServerRead(read, known !== null);
  const reporting = reportingProviders.find((each) => each === known?.settings.kind);
  return (
    <section>
      <Text fw={600} component="h1">
        {t('settings.campaigns.title')}
      </Text>
      <p className={classes.lead}>{t('settings.campaigns.text')}</p>
      {known === null ? (
        <ServerProblem problem={problem} />
      ) : (
        <>
          {/* What was typed stays when the server goes away. */}
          {isOnline ? null : <p role="status">{t('campaigns.needsServer')}</p>}
          <ProviderForm known={known} onSaved={setKnown} />
          {reporting === undefined ? null : <ProviderReportsForm key={reporting} provider={reporting} />}
          <BounceMailboxForm kind={known.settings.kind} />
        </>
      )}
    </section>
  );
}

function ProviderForm(props: { readonly known: ProviderState; readonly onSaved: (known: ProviderState) => void }) {
  const { t } = useTranslation();
  const { ask, isAsking, error } = useCampaignCall();
  const [known, setKnown] = useState(props.known);
  const [form, setForm] = useState<ProviderSettings>(props.known.settings);
  const [secret, setSecret] = useState('');
  const [done, setDone] = useState<'saved' | 'checked' | null>(null);
  const { kind } = form;
  const isOwn = kind !== 'server';
  const needsSecret = isOwn && (!known.hasSecret || kind !== known.settings.kind);
  const isReady =
    !isOwn ||
    (isMailAddress(plainAddress(form.fromAddress)) &&
      (!needsSecret || secret !== '' || kind === 'smtp') &&
      (kind !== 'smtp' || (form.host.trim() !== '' && Number.isInteger(form.port) && form.port > 0)));
  const isSaved = secret === '' && JSON.stringify(form) === JSON.stringify(known.settings);
  useTypedForm(!isSaved);

  function change(next: Partial<ProviderSettings>): void {
    setForm((before) => ({ ...before, ...next }));
    setDone(null);
  }

  async function save(): Promise<void> {
    setDone(null);
    const answer = await ask('saveProvider', { settings: form, ...(secret === '' ? {} : { secret }) });
    if (answer === null) return;
    setKnown(answer);
    setForm(answer.settings);
    setSecret('');
    setDone('saved');
    props.onSaved(answer);
  }

  async function check(): Promise<void> {
    setDone(null);
    if ((await ask('checkProvider', {})) !== null) setDone('checked');
  }

  const input = (field: TextField) => (
    <TextInput
      key={field}
      label={t(`settings.campaigns.fields.${fieldName(kind, field)}`)}
      {...(field === 'endpoint' ? { description: t('settings.campaigns.endpointHint') } : {})}
      value={form[field]}
      onChange={(event) => change({ [field]: event.currentTarget.value })}
    />
  );

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) void save();
      }}
    >
      <Stack gap="sm" maw={460}>
        {error === null ? null : (
          <Alert color="yellow" role="alert">
            {error}
          </Alert>
        )}
        {known.isReachable ? null : <Alert color="yellow">{t('settings.campaigns.unreachable')}</Alert>}
        <NativeSelect
          label={t('settings.campaigns.kind')}
          value={kind}
          data={providerKinds.map((value) => ({ value, label: t(`settings.campaigns.kinds.${value}`) }))}
          onChange={(event) => change({ kind: providerKinds.find((each) => each === event.target.value) ?? 'server' })}
        />
        {isOwn ? null : (
          <p className={classes.note}>
            {known.serverFrom === null
              ? t('settings.campaigns.noServer')
              : t('settings.campaigns.serverFrom', { address: known.serverFrom })}
          </p>
        )}
        {isOwn ? (
          <>
            {input('fromName')}
            {input('fromAddress')}
            {fieldsOf[kind].map(input)}
          </>
        ) : null}
        {kind === 'smtp' ? (
          <PortFields
            port={form.port}
            security={form.security}
            onPort={(port) => change({ port })}
            onSecurity={(security) => change({ security })}
          />
        ) : null}
        {isOwn ? (
          <PasswordInput
            label={t(kind === 'smtp' ? 'settings.campaigns.password' : 'settings.campaigns.key')}
            description={t(needsSecret ? 'settings.campaigns.secretHint' : 'settings.campaigns.secretKept')}
            autoComplete="off"
            value={secret}
            onChange={(event) => {
              setSecret(event.currentTarget.value);
              setDone(null);
            }}
          />
        ) : null}
        <Group gap="xs">
          <Button type="submit" disabled={!isReady || isSaved} loading={isAsking}>
            {t('common.save')}
          </Button>
          <Button variant="default" disabled={!isSaved} loading={isAsking} onClick={() => void check()}>
            {t('settings.campaigns.check')}
          </Button>
        </Group>
        <p role="status">{done === null ? '' : t(`settings.campaigns.${done}`)}</p>
      </Stack>
    </form>
  );
}

/** The same field is something else for each provider. */
function fieldName(kind: ProviderKind, field: TextField): string {
  if (kind === 'ses' && field === 'user') return 'accessKey';
  if (kind === 'ses' && field === 'domain') return 'region';
  return field;
}
