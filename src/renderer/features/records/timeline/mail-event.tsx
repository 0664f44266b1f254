// What stood in a mail, on the timeline of its record: the beginning of it, and all of it when somebody asks.
import { Button, Loader } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MailBody } from '#renderer/blocks/mail/mail-body.tsx';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { maskedTextOf } from '#shared/access/field-policy.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { MailContent } from '#shared/mail/mail-types.ts';
import classes from './timeline.module.css';

export function MailEvent(props: { readonly content: LocalRecord; readonly from: string }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const masked = maskedTextOf(props.content['excerpt']);
  const excerpt = masked ?? textOf(props.content['excerpt']).trim();
  return (
    <>
      {isOpen || excerpt === '' ? null : <p className={classes.excerpt}>{excerpt}</p>}
      {isOpen ? <WholeMail content={props.content} from={props.from} excerpt={excerpt} /> : null}
      {masked === null ? (
        <Button
          variant="subtle"
          size="compact-xs"
          className={classes.unfold}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {t(isOpen ? 'timeline.foldMail' : 'timeline.readMail')}
        </Button>
      ) : null}
    </>
  );
}

interface WholeMailProps {
  readonly content: LocalRecord;
  readonly from: string;
  readonly excerpt: string;
}

/** The mail as it came is a file; without one, or while it cannot be fetched, there is its beginning. */
function WholeMail({ content, from, excerpt }: WholeMailProps) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [body, setBody] = useState<MailContent | null>(null);
  const [error, setError] = useState<string | null>(null);
  const { data } = useLive('list', {
    entity: 'file',
    filter: { field: 'mailContentId', op: 'eq', value: content.id },
    sort: [{ field: 'createdAt', direction: 'asc' }],
    offset: 0,
    limit: 1,
  });
  const fileId = data?.rows[0]?.id ?? null;
  useEffect(() => {
    if (fileId === null) return undefined;
    let isGone = false;
    invokeMain(getBridge(), 'mailbox.readKept', { fileId }).then(
      (read) => {
        if (!isGone) setBody(read);
      },
      (failure: unknown) => {
        if (!isGone) setError(errorText(failure));
      },
    );
    return () => {
      isGone = true;
    };
  }, [fileId, errorText]);

  if (body !== null && fileId !== null)
    return (
      <div className={classes.mail}>
        <MailBody content={body} mail={{ fileId }} label={t('mailbox.textOf', { from })} />
      </div>
    );
  const isWaiting = error === null && (data === undefined || fileId !== null);
  return (
    <div className={classes.mail}>
      {excerpt === '' ? null : <p className={classes.text}>{excerpt}</p>}
      {isWaiting ? <Loader size="xs" aria-label={t('timeline.mailOpening')} /> : null}
      {isWaiting ? null : (
        <p className={classes.meta} role="note">
          {error ?? t('timeline.mailNotKept')}
        </p>
      )}
    </div>
  );
}
