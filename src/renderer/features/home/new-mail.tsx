import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormat } from '#renderer/app/format/format.ts';
import { useMailbox } from '#renderer/blocks/mail/use-mailbox.ts';
import { getBridge } from '#renderer/data/bridge.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import type { MailboxState, NewMails } from '#shared/mail/mail-types.ts';
import classes from './home.module.css';

const DAYS = 3;
const MOST = 4;
const DAY_MS = 86_400_000;

const hasUnseen = ({ accounts }: MailboxState): boolean =>
  accounts.some(({ folders }) => folders.some(({ unseen }) => unseen > 0));

/** What came by mail in the last days and was not read. Nothing where no mailbox is, and nothing when all of it was read. */
export function NewMail() {
  const { t } = useTranslation();
  const format = useFormat();
  const { state } = useMailbox();
  const [found, setFound] = useState<NewMails | null>(null);
  useEffect(() => {
    if (state === null || !hasUnseen(state)) return undefined;
    let isStale = false;
    const since = new Date(Date.now() - DAYS * DAY_MS).toISOString();
    void getBridge()
      .invoke('mailbox.newest', { since, limit: MOST })
      .then((answer) => {
        if (!isStale && answer.ok) setFound(answer.value);
      });
    return () => {
      isStale = true;
    };
  }, [state]);
  if (state === null || !hasUnseen(state) || found === null || found.total === 0) return null;
  return (
    <Panel
      title={t('home.newMail', { count: found.total })}
      actions={<Link to="/mail">{t('home.allMail')}</Link>}
      isFlush
    >
      <ul className={classes.list} data-testid="new-mail">
        {found.mails.map(({ id, folder, subject, from, at }) => (
          <li key={id} className={classes.row}>
            <Link className={classes.title} to={`/mail?folder=${String(folder)}&mail=${String(id)}`}>
              {subject === '' ? t('mailbox.noSubject') : subject}
            </Link>
            <span className={classes.context}>
              {from.name === '' ? from.address : from.name} · {format.ago(at)}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
