// Mailboxes with their folders, what waits to be sent, and how complete it all is.
import { UnstyledButton } from '@mantine/core';
import {
  IconAlertTriangle,
  IconArchive,
  IconFolder,
  IconGauge,
  IconInbox,
  IconMailForward,
  IconSend,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import type { MailAccountState, MailboxState, MailFolder } from '#shared/mail/mail-types.ts';
import classes from './mail.module.css';

export type Place =
  | { readonly kind: 'folder'; readonly id: number }
  | { readonly kind: 'outbox' }
  | { readonly kind: 'meter'; readonly accountId: string };

const icons: Readonly<Record<string, ComponentType<{ size?: number; stroke?: number }>>> = {
  '\\Inbox': IconInbox,
  '\\Sent': IconSend,
  '\\Archive': IconArchive,
};
const order = ['\\Inbox', '\\Sent', '\\Archive'];

export function FolderList(props: {
  readonly state: MailboxState;
  readonly place: Place | null;
  readonly onChoose: (place: Place) => void;
}) {
  const { t } = useTranslation();
  const { state, place, onChoose } = props;
  const waiting = state.outbox.filter((item) => item.state !== 'sent').length;
  const isStuck = state.outbox.some((item) => item.state === 'unknown' || item.state === 'failed');
  return (
    <nav className={classes.folders} aria-label={t('mailbox.folders')}>
      {state.accounts.map((account) => (
        <section key={account.id} aria-label={account.address}>
          <h2 className={classes.account} title={account.address}>
            {account.address}
          </h2>
          <AccountStanding account={account} />
          <ul className={classes.folderList}>
            {inOrder(account.folders).map((folder) => {
              const Icon = icons[folder.use] ?? IconFolder;
              const isOpen = place?.kind === 'folder' && place.id === folder.id;
              return (
                <li key={folder.id}>
                  <UnstyledButton
                    className={classes.folder}
                    aria-current={isOpen ? 'page' : undefined}
                    onClick={() => onChoose({ kind: 'folder', id: folder.id })}
                  >
                    <Icon size={15} stroke={1.7} />
                    <span className={classes.folderName}>{nameOf(folder, t)}</span>
                    {folder.unseen > 0 ? <span className={classes.count}>{folder.unseen}</span> : null}
                  </UnstyledButton>
                </li>
              );
            })}
            <li>
              <UnstyledButton
                className={classes.folder}
                aria-current={place?.kind === 'meter' && place.accountId === account.id ? 'page' : undefined}
                onClick={() => onChoose({ kind: 'meter', accountId: account.id })}
              >
                <IconGauge size={15} stroke={1.7} />
                <span className={classes.folderName}>{t('mailbox.meterShort')}</span>
                {isComplete(account) ? null : (
                  <IconAlertTriangle size={14} className={classes.warn} aria-label={t('mailbox.incomplete')} />
                )}
              </UnstyledButton>
            </li>
          </ul>
        </section>
      ))}
      <UnstyledButton
        className={classes.folder}
        aria-current={place?.kind === 'outbox' ? 'page' : undefined}
        onClick={() => onChoose({ kind: 'outbox' })}
      >
        <IconMailForward size={15} stroke={1.7} />
        <span className={classes.folderName}>{t('mailbox.outbox')}</span>
        {isStuck ? <IconAlertTriangle size={14} className={classes.warn} aria-label={t('mailbox.stuck')} /> : null}
        {waiting > 0 ? <span className={classes.count}>{waiting}</span> : null}
      </UnstyledButton>
    </nav>
  );
}

function AccountStanding({ account }: { readonly account: MailAccountState }) {
  const { t } = useTranslation();
  const { failure, progress } = account;
  if (failure !== null)
    return (
      <p className={failure.kind === 'offline' ? classes.note : classes.problem} role="status" title={failure.detail}>
        {t(`mailbox.failure.${failure.kind}`)}
      </p>
    );
  if (progress === null || progress.total < 200) return null;
  return (
    <p className={classes.note} role="status">
      {t('mailbox.progress', progress)}
    </p>
  );
}

function inOrder(folders: readonly MailFolder[]): readonly MailFolder[] {
  const place = ({ use }: MailFolder): number => (order.includes(use) ? order.indexOf(use) : order.length);
  return folders.filter(({ isChosen }) => isChosen).toSorted((a, b) => place(a) - place(b));
}

/** The folders everybody has are called as everybody calls them. */
function nameOf({ use, name }: MailFolder, t: (key: string) => string): string {
  return order.includes(use) ? t(`mailbox.use.${use.slice(1)}`) : name;
}

function isComplete({ folders }: MailAccountState): boolean {
  return folders.every(
    ({ isChosen, onServer, here, failure, unreadable }) =>
      !isChosen || (failure === null && unreadable === 0 && (onServer === null || onServer === here)),
  );
}
