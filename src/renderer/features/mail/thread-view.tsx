// The conversation that is read: the newest mail open, the ones before it folded, and who of the organization may read each.
import { Button, Menu, UnstyledButton } from '@mantine/core';
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconCalendarPlus,
  IconChevronDown,
  IconDownload,
  IconEye,
  IconMailOpened,
} from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormat } from '#renderer/app/format/format.ts';
import { CreateRecordDialog } from '#renderer/blocks/create-record-dialog.tsx';
import { MailBody } from '#renderer/blocks/mail/mail-body.tsx';
import { useLetterWriter } from '#renderer/blocks/mail/write-letter.ts';
import { pathOfRecord } from '#renderer/blocks/record-paths.ts';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { DealMenu } from '#renderer/features/mail/deal-menu.tsx';
import { StrangerLine } from '#renderer/features/mail/stranger-line.tsx';
import { useMailKeys, type MailKey } from '#renderer/features/mail/use-mail-keys.ts';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { Initials } from '#renderer/ui/initials.tsx';
import { entities } from '#shared/entities/registry.ts';
import { mailVisibilities, type MailAddress, type MailSummary, type OpenMail } from '#shared/mail/mail-types.ts';
import { bareSubject } from '#shared/mail/message-ids.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './mail.module.css';

const MOST_SUBJECT = 200;
const MOST_QUOTED = 2000;

const nameOf = ({ name, address }: MailAddress): string => (name === '' ? address : name);

const answers: Readonly<Partial<Record<MailKey, 'answer' | 'answerAll' | 'forward'>>> = {
  r: 'answer',
  a: 'answerAll',
  f: 'forward',
};

export function ThreadView({ id }: { readonly id: number | null }) {
  const { t } = useTranslation();
  const writer = useLetterWriter();
  const can = useCan();
  const format = useFormat();
  const [isPlanning, setPlanning] = useState(false);
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
  const keptIds = (mails ?? []).flatMap(({ summary }) => summary.recordId ?? []);
  const kept = useLive(
    'record',
    keptIds.length === 0 ? null : { entity: 'mailMessage', id: keptIds.at(-1) ?? '' },
  ).data;
  const mayPlan = can('create', entities.task);
  useMailKeys((key) => {
    const kind = answers[key];
    if (newest === undefined || (kind === undefined && (key !== 't' || !mayPlan))) return false;
    if (kind === undefined) setPlanning(true);
    else writer?.write({ kind, mail: newest });
    return true;
  });

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
          keptIds={keptIds}
          isNewest={mail === newest}
          isOpen={mail === newest || unfolded.has(mail.summary.id)}
          onUnfold={() => setUnfolded((before) => new Set([...before, mail.summary.id]))}
        />
      ))}
      <div className={classes.answers}>
        <Button
          size="xs"
          leftSection={<IconArrowBackUp size={15} />}
          aria-keyshortcuts="r"
          onClick={() => writer?.write({ kind: 'answer', mail: newest })}
        >
          {t('mailbox.answer')}
        </Button>
        <Button
          size="xs"
          variant="default"
          aria-keyshortcuts="a"
          onClick={() => writer?.write({ kind: 'answerAll', mail: newest })}
        >
          {t('mailbox.answerAll')}
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconArrowForwardUp size={15} />}
          aria-keyshortcuts="f"
          onClick={() => writer?.write({ kind: 'forward', mail: newest })}
        >
          {t('mailbox.forward')}
        </Button>
        {mayPlan ? (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconCalendarPlus size={15} />}
            aria-keyshortcuts="t"
            onClick={() => setPlanning(true)}
          >
            {t('mailbox.makeTask')}
          </Button>
        ) : null}
      </div>
      <CreateRecordDialog
        entity="task"
        isOpen={isPlanning}
        onClose={() => setPlanning(false)}
        initial={{
          subject: bareSubject(newest.summary.subject).slice(0, MOST_SUBJECT),
          description: t('mailbox.taskFrom', {
            from: nameOf(newest.summary.from),
            at: format.instant(newest.summary.at),
            text: newest.content.text.trim().slice(0, MOST_QUOTED),
          }),
          ...linksOf(kept?.record ?? null),
        }}
        initialLabels={kept?.labels ?? {}}
        isStaying
      />
    </article>
  );
}

/** What a task made of a mail belongs to. */
function linksOf(record: LocalRecord | null): Readonly<Record<string, unknown>> {
  const links = ['dealId', 'leadId', 'contactId', 'accountId'].flatMap((field) => {
    const id = textOf(record?.[field]);
    return id === '' ? [] : [[field, id] as const];
  });
  return Object.fromEntries(links);
}

function MailCard(props: {
  readonly mail: OpenMail;
  /** Of the whole conversation. */
  readonly keptIds: readonly string[];
  readonly isNewest: boolean;
  readonly isOpen: boolean;
  readonly onUnfold: () => void;
}) {
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
      {summary.recordId === null ? null : (
        <KeptLine recordId={summary.recordId} mail={summary} keptIds={props.keptIds} isNewest={props.isNewest} />
      )}
      {summary.recordId === null && !summary.isOutbound ? <StrangerLine mail={summary} account={null} /> : null}
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
function KeptLine(props: {
  readonly recordId: string;
  readonly mail: MailSummary;
  readonly keptIds: readonly string[];
  readonly isNewest: boolean;
}) {
  const { recordId, mail } = props;
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
  const accountId = textOf(record['accountId']);
  return (
    <>
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
        <span className={classes.stripActions}>
          {props.isNewest ? <DealMenu mail={record} ids={props.keptIds} labels={data?.labels ?? {}} /> : null}
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
        </span>
      </div>
      {mail.isOutbound || accountId === '' || textOf(record['contactId']) !== '' ? null : (
        <StrangerLine mail={mail} account={{ id: accountId, name: data?.labels[accountId] ?? '' }} />
      )}
    </>
  );
}
