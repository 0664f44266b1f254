// The mailbox mail of campaigns comes back to: the server reads it every few minutes, and what came of the last look stands
// here in words. The password goes to the server and never comes back.
import { Alert, Button, Group, PasswordInput, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useCampaignCall, usePolledCampaigns } from '#renderer/blocks/campaigns/use-campaign-calls.ts';
import { useTypedForm } from '#renderer/blocks/typed-forms.ts';
import { PortFields } from '#renderer/features/settings/campaigns/port-fields.tsx';
import classes from '#renderer/features/settings/settings.module.css';
import { isMailAddress, plainAddress } from '#shared/campaigns/audience.ts';
import type { BounceMailbox, BounceMailboxState } from '#shared/campaigns/bounce-mailbox.ts';
import type { ProviderKind } from '#shared/campaigns/provider-settings.ts';

const LOOK_EVERY_MS = 15_000;
const usualPort = { tls: 993, starttls: 143, none: 143 } as const;

/** `kind`: how campaigns are sent; providers with an API take back themselves what cannot be delivered. */
export function BounceMailboxForm({ kind }: { readonly kind: ProviderKind }) {
  const { t } = useTranslation();
  const { data, error, refresh } = usePolledCampaigns('readBounceMailbox', {}, LOOK_EVERY_MS);
  return (
    <section aria-labelledby="returned-mail">
      <Text fw={600} component="h2" id="returned-mail" mt="xl">
        {t('settings.returned.title')}
      </Text>
      <p className={classes.lead}>{t('settings.returned.text')}</p>
      {kind === 'server' || kind === 'smtp' ? null : (
        <p className={classes.note}>
          {t('settings.returned.byProvider', { name: t(`settings.campaigns.kinds.${kind}`) })}
        </p>
      )}
      {data === null ? (
        error === null ? null : (
          <Alert color="yellow" role="alert">
            {error}
          </Alert>
        )
      ) : (
        <Mailbox known={data} refresh={refresh} />
      )}
    </section>
  );
}

function Mailbox(props: { readonly known: BounceMailboxState; readonly refresh: () => void }) {
  const { t } = useTranslation();
  const { ask, isAsking, error } = useCampaignCall();
  const { known, refresh } = props;
  const [form, setForm] = useState<BounceMailbox>(known.settings);
  const [secret, setSecret] = useState('');
  const isSamePlace = form.host === known.settings.host && form.user === known.settings.user;
  const needsSecret = !known.hasSecret || !isSamePlace;
  const isReady =
    !form.isOn ||
    (isMailAddress(plainAddress(form.address)) &&
      form.host.trim() !== '' &&
      form.port > 0 &&
      form.user !== '' &&
      (!needsSecret || secret !== ''));
  const isSaved = secret === '' && JSON.stringify(form) === JSON.stringify(known.settings);
  useTypedForm(!isSaved);

  const change = (next: Partial<BounceMailbox>): void => setForm((before) => ({ ...before, ...next }));

  async function save(): Promise<void> {
    const answer = await ask('saveBounceMailbox', { settings: form, ...(secret === '' ? {} : { secret }) });
    if (answer === null) return;
    setForm(answer.settings);
    setSecret('');
    // What a mailbox is named for is that it can be read.
    if (answer.settings.isOn) await ask('checkBounceMailbox', {});
    refresh();
  }

  async function check(): Promise<void> {
    await ask('checkBounceMailbox', {});
    refresh();
  }

  return (
    <form
      aria-labelledby="returned-mail"
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
        <Switch
          label={t('settings.returned.isOn')}
          checked={form.isOn}
          onChange={(event) => change({ isOn: event.currentTarget.checked })}
        />
        {known.settings.isOn ? <LastLook known={known} /> : null}
        {form.isOn ? (
          <>
            <TextInput
              label={t('settings.returned.address')}
              description={t('settings.returned.addressHint')}
              value={form.address}
              onChange={(event) => {
                const address = event.currentTarget.value;
                // Most mailboxes are signed in to with their address.
                change({ address, ...(form.user === form.address ? { user: address } : {}) });
              }}
            />
            <TextInput
              label={t('settings.returned.host')}
              value={form.host}
              onChange={(event) => change({ host: event.currentTarget.value })}
            />
            <PortFields
              port={form.port}
              security={form.security}
              onPort={(port) => change({ port })}
              onSecurity={(security) =>
                change({ security, ...(form.port === usualPort[form.security] ? { port: usualPort[security] } : {}) })
              }
            />
            <TextInput
              label={t('settings.campaigns.fields.user')}
              value={form.user}
              onChange={(event) => change({ user: event.currentTarget.value })}
            />
            <PasswordInput
              label={t('settings.campaigns.password')}
              description={t(needsSecret ? 'settings.campaigns.secretHint' : 'settings.campaigns.secretKept')}
              autoComplete="off"
              value={secret}
              onChange={(event) => setSecret(event.currentTarget.value)}
            />
          </>
        ) : null}
        {form.isOn || known.settings.isOn ? (
          <Group gap="xs">
            <Button type="submit" disabled={!isReady || isSaved} loading={isAsking}>
              {t('common.save')}
            </Button>
            <Button
              variant="default"
              disabled={!isSaved || !known.settings.isOn}
              loading={isAsking}
              onClick={() => void check()}
            >
              {t('settings.returned.check')}
            </Button>
          </Group>
        ) : null}
      </Stack>
    </form>
  );
}

/** What came of the last look, in words; what the mail server said stands behind them. */
function LastLook({ known }: { readonly known: BounceMailboxState }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { checkedAt, trouble, detail, taken, takenAt, unsigned } = known;
  const instant = (epochMs: number): string => format.instant(new Date(epochMs).toISOString());
  if (checkedAt === null) return <p role="status">{t('settings.returned.never')}</p>;
  if (trouble !== null)
    return (
      <Alert color="yellow" role="alert" data-trouble={trouble}>
        <Text size="sm" fw={600}>
          {t('settings.returned.cannot')}
        </Text>
        {t(`settings.returned.troubles.${trouble}`)}
        {detail === null || detail === '' ? null : (
          <Text size="xs" mt={4} data-selectable>
            {t('settings.returned.said', { text: detail })}
          </Text>
        )}
      </Alert>
    );
  return (
    <p role="status" data-taken={taken}>
      {t('settings.returned.lastLook', { at: instant(checkedAt) })}{' '}
      {taken === 0 || takenAt === null
        ? t('settings.returned.nothing')
        : t('settings.returned.taken', { count: taken, formatted: format.number(taken), at: instant(takenAt) })}
      {unsigned === 0
        ? ''
        : ` ${t('settings.returned.unsigned', { count: unsigned, formatted: format.number(unsigned) })}`}
    </p>
  );
}
