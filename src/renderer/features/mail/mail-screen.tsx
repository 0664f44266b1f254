// E-mail as a rep works with it: folders, conversations, the conversation that is read, and the letter that is written. All of it
// from this computer; the network only brings and takes.
import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconMail, IconPencilPlus, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { FolderMeter } from '#renderer/blocks/mail/folder-meter.tsx';
import { useLetterWriter } from '#renderer/blocks/mail/write-letter.ts';
import { useMailbox } from '#renderer/blocks/mail/use-mailbox.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { FolderList, type Place } from '#renderer/features/mail/folder-list.tsx';
import { OutboxList } from '#renderer/features/mail/outbox-list.tsx';
import { ThreadList } from '#renderer/features/mail/thread-list.tsx';
import { ThreadView } from '#renderer/features/mail/thread-view.tsx';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { Page } from '#renderer/ui/page.tsx';
import type { MailboxState } from '#shared/mail/mail-types.ts';
import classes from './mail.module.css';

/** Of the first account, until somebody chooses. */
function firstPlace({ accounts }: MailboxState): Place | null {
  const inbox = accounts.flatMap(({ folders }) => folders).find(({ use }) => use === '\\Inbox');
  return inbox === undefined ? null : { kind: 'folder', id: inbox.id };
}

/** A mail that is opened from elsewhere stands in the address. */
function numberIn(asked: URLSearchParams, name: string): number | null {
  const value = Number(asked.get(name) ?? Number.NaN);
  return Number.isSafeInteger(value) && value > 0 ? value : null;
}

export function MailScreen() {
  const { t } = useTranslation();
  const { state, version } = useMailbox();
  const [asked] = useSearchParams();
  const [chosen, setChosen] = useState<Place | null>(() => {
    const folder = numberIn(asked, 'folder');
    return folder === null ? null : { kind: 'folder', id: folder };
  });
  const [openId, setOpenId] = useState<number | null>(() => numberIn(asked, 'mail'));
  const [search, setSearch] = useState('');
  const [sought] = useDebouncedValue(search, 200);
  const writer = useLetterWriter();
  if (state === null) return null;
  if (state.accounts.length === 0)
    return (
      <Page title={t('nav.mail')}>
        <EmptyState
          icon={<IconMail size={34} stroke={1.4} />}
          title={t('mailbox.empty')}
          text={t('mailbox.emptyText')}
          action={{
            label: t('mailbox.connect'),
            onClick: () => void invokeMain(getBridge(), 'window.openSettings', { section: 'mailboxes' }),
          }}
        />
      </Page>
    );
  const place = chosen ?? firstPlace(state);
  const meterOf = place?.kind === 'meter' ? state.accounts.find(({ id }) => id === place.accountId) : undefined;

  function choose(next: Place): void {
    setChosen(next);
    setOpenId(null);
  }

  return (
    <Page
      title={t('nav.mail')}
      isFilled
      actions={
        <>
          {place?.kind === 'folder' ? (
            <TextInput
              size="xs"
              w={240}
              value={search}
              onChange={(event) => setSearch(event.currentTarget.value)}
              placeholder={t('mailbox.search')}
              aria-label={t('mailbox.search')}
              leftSection={<IconSearch size={14} />}
            />
          ) : null}
          <Button size="xs" leftSection={<IconPencilPlus size={15} />} onClick={() => writer?.write({ kind: 'new' })}>
            {t('mailbox.compose')}
          </Button>
        </>
      }
    >
      <div className={classes.panes}>
        <FolderList state={state} place={place} onChoose={choose} />
        {place?.kind === 'folder' ? (
          <>
            <ThreadList
              key={place.id}
              folder={place.id}
              search={sought}
              version={version}
              openId={openId}
              onOpen={setOpenId}
            />
            <ThreadView key={openId} id={openId} />
          </>
        ) : null}
        {place?.kind === 'outbox' ? (
          <OutboxList
            items={state.outbox}
            damage={state.outboxDamage}
            onEdit={(item) => writer?.write({ kind: 'draft', item })}
          />
        ) : null}
        {meterOf === undefined ? null : (
          <div className={classes.meter}>
            <FolderMeter account={meterOf} />
            <p className={classes.note}>{t('mailbox.linked', { count: meterOf.linkedCount })}</p>
          </div>
        )}
      </div>
    </Page>
  );
}
