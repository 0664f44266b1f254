// Conversations of a folder, the newest first. Only what is seen is there; arrows move, Enter opens.
import { UnstyledButton } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { IconLink, IconPaperclip } from '@tabler/icons-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { useMailKeys } from '#renderer/features/mail/use-mail-keys.ts';
import type { MailThread } from '#shared/mail/mail-types.ts';
import classes from './mail.module.css';

const ROW_HEIGHT = 70;
const PAGE = 50;

interface Loaded {
  readonly total: number;
  readonly rows: ReadonlyMap<number, MailThread>;
}

export function ThreadList(props: {
  readonly folder: number;
  readonly search: string;
  readonly version: number;
  readonly openId: number | null;
  readonly onOpen: (id: number) => void;
}) {
  const { t } = useTranslation();
  const { folder, search, version, openId, onOpen } = props;
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: loaded?.total ?? 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 6,
  });
  const shown = rows.getVirtualItems();
  const first = Math.floor((shown[0]?.index ?? 0) / PAGE);
  const last = Math.floor((shown.at(-1)?.index ?? 0) / PAGE);

  useEffect(() => {
    let isStopped = false;
    async function read(): Promise<void> {
      const found = new Map<number, MailThread>();
      let total = 0;
      for (let page = first; page <= last; page += 1) {
        const answer = await invokeMain(getBridge(), 'mailbox.threads', {
          folder,
          offset: page * PAGE,
          limit: PAGE,
          search,
        });
        total = answer.total;
        for (const [index, thread] of answer.threads.entries()) found.set(page * PAGE + index, thread);
      }
      if (!isStopped) setLoaded({ total, rows: found });
    }
    // What went meanwhile is not there any more.
    read().catch(() => {
      if (!isStopped) setLoaded({ total: 0, rows: new Map() });
    });
    return () => {
      isStopped = true;
    };
  }, [folder, search, version, first, last]);

  function move(event: KeyboardEvent<HTMLDivElement>): void {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0 || loaded === null) return;
    const at = Number((event.target as HTMLElement).closest('[data-index]')?.getAttribute('data-index') ?? -1);
    const next = Math.min(loaded.total - 1, Math.max(0, at + step));
    event.preventDefault();
    rows.scrollToIndex(next);
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-index="${String(next)}"] button`)?.focus(),
    );
  }

  useMailKeys((key) => {
    if (loaded === null || loaded.total === 0 || (key !== 'j' && key !== 'k')) return false;
    const at = [...loaded.rows].find(([, { newest }]) => newest.id === openId)?.[0];
    const next = at === undefined ? 0 : Math.min(loaded.total - 1, Math.max(0, at + (key === 'j' ? 1 : -1)));
    const thread = loaded.rows.get(next);
    rows.scrollToIndex(next);
    if (thread !== undefined) onOpen(thread.newest.id);
    return true;
  });

  return (
    // Arrows are a shortcut between buttons that Tab reaches, too.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div className={classes.threads} ref={scroller} onKeyDown={move} data-testid="threads">
      {loaded?.total === 0 ? (
        <p className={classes.none}>{t(search === '' ? 'mailbox.noMail' : 'mailbox.noFound')}</p>
      ) : null}
      <ul className={classes.rows} style={{ height: rows.getTotalSize() }} aria-label={t('mailbox.conversations')}>
        {shown.map(({ index, start, key }) => {
          const thread = loaded?.rows.get(index);
          return (
            <li
              key={key}
              data-index={index}
              className={classes.row}
              style={{ transform: `translateY(${String(start)}px)` }}
            >
              {thread === undefined ? null : (
                <ThreadRow
                  thread={thread}
                  isOpen={openId === thread.newest.id}
                  onOpen={() => onOpen(thread.newest.id)}
                />
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function ThreadRow(props: { readonly thread: MailThread; readonly isOpen: boolean; readonly onOpen: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { newest, count, people, isUnseen } = props.thread;
  const who = newest.isOutbound && count === 1 ? newest.to.map(({ name, address }) => name || address) : people;
  return (
    <UnstyledButton
      className={classes.thread}
      data-unseen={isUnseen}
      aria-current={props.isOpen ? 'true' : undefined}
      onClick={props.onOpen}
    >
      <span className={classes.line}>
        <span className={classes.people}>
          {newest.isOutbound && count === 1 ? t('mailbox.to', { people: who.join(', ') }) : who.join(', ')}
          {count > 1 ? <span className={classes.amount}> {count}</span> : null}
        </span>
        <time className={classes.time} dateTime={newest.at}>
          {format.nearDay(newest.at.slice(0, 10))}
        </time>
      </span>
      <span className={classes.line}>
        <span className={classes.subject}>{newest.subject === '' ? t('mailbox.noSubject') : newest.subject}</span>
        {newest.attachmentCount > 0 ? <IconPaperclip size={13} aria-label={t('mailbox.attachments')} /> : null}
        {newest.recordId === null ? null : <IconLink size={13} aria-label={t('mailbox.isKept')} />}
      </span>
      <span className={classes.snippet}>{newest.snippet}</span>
    </UnstyledButton>
  );
}
