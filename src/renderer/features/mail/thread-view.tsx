// The conversation that is read: the newest mail open, the ones before it folded, and who of the organization may read each.
import { Button, Menu, UnstyledButton } from '@mantine/core';
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconChevronDown,
  IconDownload,
  IconEye,
  IconMailOpened,
} from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormat } from '#renderer/app/format/format.ts';
import { MailBody } from '#renderer/blocks/mail/mail-body.tsx';
import { pathOfRecord } from '#renderer/blocks/record-paths.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { Initials } from '#renderer/ui/initials.tsx';
import { mailVisibilities, type MailAddress, type OpenMail } from '#shared/mail/mail-types.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './mail.module.css';

const nameOf = ({ name, address }: MailAddress): string => (name === '' ? address : name);

export function ThreadView(props: {
  readonly id: number | null;
  readonly onAnswer: (mail: OpenMail, kind: 'answer' | 'answerAll' | 'forward') => void;
}) {
  const { t } = useTranslation();
  const { id, onAnswer } = props;
  const [mails, setMails] = useState<readonly OpenMail[] | null>(null);
  const [unfolded, setUnfolded] = useState<ReadonlySet<number>>(new Set());
  useEffect(() => {
    if (id === null) return undefined;
    let isStopped = false;
    const read = (): void => {
      void getBridge()
        .invoke('mailbox.thread', { id })
        .then((answer) => {
          if (!isStopped) setMails(answer.ok ? answer.value : []);
        });
    };
    read();
    const stop = getBridge().on('mailbox.changed', read);
    return () => {
      isStopped = true;
      stop();
    };
  }, [id]);

  const newest = mails?.at(-1);
  if (id === null || newest === undefined)
    return (
      <div className={classes.reader}>
        <EmptyState
          icon={<IconMailOpened size={34} stroke={1.4} />}
          title={t('mailbox.chooseTitle')}
          text={t('mailbox.chooseText')}
        />
      </div>
    );
  return (
    <article className={classes.reader} aria-label={newest.summary.subject} data-testid="reader">
      <h2 className={classes.heading} data-selectable>
        {newest.summary.subject === '' ? t('mailbox.noSubject') : newest.summary.subject}
      </h2>
      {(mails ?? []).map((mail) => (
        <MailCard
          key={mail.summary.id}
          mail={mail}
          isOpen={mail === newest || unfolded.has(mail.summary.id)}
          onUnfold={() => setUnfolded((before) => new Set([...before, mail.summary.id]))}
        />
      ))}
      <div className={classes.answers}>
        <Button size="xs" leftSection={<IconArrowBackUp size={15} />} onClick={() => onAnswer(newest, 'answer')}>
          {t('mailbox.answer')}
        </Button>
        <Button size="xs" variant="default" onClick={() => onAnswer(newest, 'answerAll')}>
          {t('mailbox.answerAll')}
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconArrowForwardUp size={15} />}
          onClick={() => onAnswer(newest, 'forward')}
        >
          {t('mailbox.forward')}
        </Button>
      </div>
    </article>
  );
}

function MailCard(props: { readonly mail: OpenMail; readonly isOpen: boolean; readonly onUnfold: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { summary, content } = props.mail;
  const to = summary.to.map((each) => nameOf(each)).join(', ');
  if (!props.isOpen)
    return (
      <UnstyledButton className={classes.folded} onClick={props.onUnfold} aria-expanded={false}>
        <span className={classes.from}>{nameOf(summary.from)}</span>
        <span className={classes.snippet}>{summary.snippet}</span>
        <time className={classes.time}>{format.shortDay(summary.at.slice(0, 10))}</time>
      </UnstyledButton>
    );
  return (
    <section className={classes.mail} aria-label={nameOf(summary.from)}>
      <header className={classes.head}>
        <Initials name={nameOf(summary.from)} isDecorative />
        <div className={classes.headText}>
          <span data-selectable>
            <strong>{nameOf(summary.from)}</strong> <span className={classes.address}>{summary.from.address}</span>
          </span>
          <span className={classes.address}>
            {t('mailbox.to', { people: to })}
            {summary.cc.length === 0
              ? null
              : ` · ${t('mailbox.copyTo', { people: summary.cc.map((each) => nameOf(each)).join(', ') })}`}
          </span>
        </div>
        <time className={classes.time}>{format.instant(summary.at)}</time>
      </header>
      {summary.recordId === null ? null : <KeptLine recordId={summary.recordId} />}
      {content.isPartial ? <WholeLine id={summary.id} sizeBytes={summary.sizeBytes} /> : null}
      {content.isBroken ? <p className={classes.note}>{t('mailbox.broken')}</p> : null}
      <MailBody
        content={content}
        mail={{ id: summary.id }}
        label={t('mailbox.textOf', { from: nameOf(summary.from) })}
      />
    </section>
  );
}

/** Only the beginning is here. */
function WholeLine(props: { readonly id: number; readonly sizeBytes: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const [isAsking, setAsking] = useState(false);
  const [error, setError] = useState<string | null>(null);
  async function fetchWhole(): Promise<void> {
    setAsking(true);
    setError(null);
    try {
      await invokeMain(getBridge(), 'mailbox.fetchWhole', { id: props.id });
    } catch (failure) {
      setError(errorText(failure));
    } finally {
      setAsking(false);
    }
  }
  return (
    <div className={classes.strip} role="note">
      <span>{error ?? t('mailbox.partial', { size: format.bytes(props.sizeBytes) })}</span>
      <Button
        size="compact-xs"
        variant="subtle"
        leftSection={<IconDownload size={13} />}
        loading={isAsking}
        onClick={() => void fetchWhole()}
      >
        {t('mailbox.fetchWhole')}
      </Button>
    </div>
  );
}

/** With which record it is kept, and who reads it there. */
function KeptLine({ recordId }: { readonly recordId: string }) {
  const { t } = useTranslation();
  const execute = useCommand();
  const { data } = useLive('record', { entity: 'mailMessage', id: recordId });
  const record = data?.record ?? null;
  if (record === null) return null;
  const links = (['deal', 'lead', 'contact', 'account'] as const).flatMap((entity) => {
    const id = textOf(record[`${entity}Id`]);
    const path = id === '' ? null : pathOfRecord(entity, id);
    return path === null ? [] : [{ path, title: data?.labels[id] ?? t(`entities.${entity}.one`) }];
  });
  const visibility = mailVisibilities.find((name) => name === record['visibility']) ?? 'participants';
  return (
    <div className={classes.strip}>
      <span>
        {t('mailbox.keptWith')}{' '}
        {links.map(({ path, title }, index) => (
          <span key={path}>
            {index === 0 ? '' : ' · '}
            <Link to={path}>{title}</Link>
          </span>
        ))}
      </span>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button
            size="compact-xs"
            variant="subtle"
            leftSection={<IconEye size={13} />}
            rightSection={<IconChevronDown size={12} />}
          >
            {t(`mailbox.visibility.${visibility}`)}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t('mailbox.whoReads')}</Menu.Label>
          {mailVisibilities.map((name) => (
            <Menu.Item
              key={name}
              aria-current={name === visibility}
              onClick={() => void execute('setMailVisibility', { ids: [recordId], visibility: name })}
            >
              {t(`mailbox.visibility.${name}`)}
              <span className={classes.menuHint}>{t(`mailbox.visibilityHint.${name}`)}</span>
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item color="red" onClick={() => void execute('forgetMail', { id: recordId })}>
            {t('mailbox.forget')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
