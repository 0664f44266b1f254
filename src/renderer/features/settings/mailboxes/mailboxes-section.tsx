// The mailboxes of this person on this computer: connected, changed, checked for what is missing, taken away.
import { Button, Group, Modal, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FolderMeter } from '#renderer/blocks/mail/folder-meter.tsx';
import { useMailbox } from '#renderer/blocks/mail/use-mailbox.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { MailboxForm } from '#renderer/features/settings/mailboxes/mailbox-form.tsx';
import { Pill } from '#renderer/ui/pill.tsx';
import type { MailAccountState } from '#shared/mail/mail-types.ts';
import settings from '../settings.module.css';
import classes from './mailboxes.module.css';

export function MailboxesSection() {
  const { t } = useTranslation();
  const { state } = useMailbox();
  const [editing, setEditing] = useState<MailAccountState | 'new' | null>(null);
  const [leaving, setLeaving] = useState<MailAccountState | null>(null);
  if (state === null) return null;
  return (
    <>
      <h1>{t('settings.mailboxes.title')}</h1>
      <p className={settings.lead}>{t('settings.mailboxes.text')}</p>
      {state.accounts.map((account) => (
        <section key={account.id} className={classes.mailbox} aria-label={account.address} data-testid="mailbox">
          <header className={classes.head}>
            <div>
              <Text fw={600} component="h2" size="sm">
                {account.address}
              </Text>
              <span className={classes.muted}>{t(`mailbox.visibilityHint.${account.visibility}`)}</span>
            </div>
            <Standing account={account} />
            <Group gap={6}>
              <Button size="xs" variant="default" onClick={() => setEditing(account)}>
                {t('settings.mailboxes.change')}
              </Button>
              <Button
                size="xs"
                variant="default"
                onClick={() =>
                  void invokeMain(getBridge(), 'mailbox.sync', { id: account.id, folder: null, thorough: true })
                }
              >
                {t('mailbox.resyncAll')}
              </Button>
              <Button size="xs" variant="subtle" color="red" onClick={() => setLeaving(account)}>
                {t('settings.mailboxes.remove')}
              </Button>
            </Group>
          </header>
          <FolderMeter account={account} />
          <p className={classes.muted}>{t('mailbox.linked', { count: account.linkedCount })}</p>
        </section>
      ))}
      <Button
        leftSection={<IconPlus size={15} />}
        variant={state.accounts.length === 0 ? 'filled' : 'default'}
        onClick={() => setEditing('new')}
      >
        {t('mailbox.connect')}
      </Button>
      {editing === null ? null : (
        <MailboxForm
          key={editing === 'new' ? 'new' : editing.id}
          account={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
        />
      )}
      <Modal
        opened={leaving !== null}
        onClose={() => setLeaving(null)}
        title={<Text fw={600}>{t('settings.mailboxes.removeTitle', { address: leaving?.address ?? '' })}</Text>}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <p>{t('settings.mailboxes.removeText')}</p>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => setLeaving(null)}>
            {t('common.cancel')}
          </Button>
          <Button
            color="red"
            onClick={() => {
              if (leaving !== null) void invokeMain(getBridge(), 'mailbox.remove', { id: leaving.id });
              setLeaving(null);
            }}
          >
            {t('settings.mailboxes.remove')}
          </Button>
        </Group>
      </Modal>
    </>
  );
}

function Standing({ account }: { readonly account: MailAccountState }) {
  const { t } = useTranslation();
  const { failure, isSyncing } = account;
  if (failure !== null)
    return (
      <Pill tone={failure.kind === 'offline' ? 'neutral' : 'danger'} title={failure.detail}>
        {t(`mailbox.failure.${failure.kind}`)}
      </Pill>
    );
  return <Pill tone={isSyncing ? 'accent' : 'good'}>{t(isSyncing ? 'mailbox.syncing' : 'mailbox.connected')}</Pill>;
}
