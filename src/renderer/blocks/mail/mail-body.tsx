// The words of a mail. HTML stands in a frame of its own that runs nothing and reaches nothing; links open in the browser of the
// system; pictures of the network come when somebody asks for them.
import { Button, UnstyledButton } from '@mantine/core';
import { IconDownload, IconPaperclip, IconPhotoOff } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { saveContent } from '#renderer/blocks/files/file-content.ts';
import { cleanMail, frameOf } from '#renderer/blocks/mail/sanitize-mail.ts';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { MailContent } from '#shared/mail/mail-types.ts';
import classes from './mail-body.module.css';

const LEAST_HEIGHT = 60;
const MOST_HEIGHT = 20_000;

export interface MailBodyProps {
  readonly content: MailContent;
  /** Where its attachments are asked for. */
  readonly mail: { readonly id: number } | { readonly fileId: string };
  readonly label: string;
}

export function MailBody({ content, mail, label }: MailBodyProps) {
  return (
    <div className={classes.content}>
      {content.html === null ? (
        <pre className={classes.text} data-selectable>
          {content.text}
        </pre>
      ) : (
        <HtmlBody content={content} html={content.html} label={label} />
      )}
      <Attachments content={content} mail={mail} />
    </div>
  );
}

function HtmlBody(props: { readonly content: MailContent; readonly html: string; readonly label: string }) {
  const { t } = useTranslation();
  const [fetched, setFetched] = useState<ReadonlyMap<string, string | null>>(new Map());
  const [isAsking, setAsking] = useState(false);
  const { inline } = props.content;
  const clean = useMemo(
    () =>
      cleanMail(props.html, {
        inline: new Map(inline.map(({ contentId, dataUrl }) => [contentId, dataUrl])),
        fetched,
      }),
    [props.html, inline, fetched],
  );

  async function fetchPictures(): Promise<void> {
    setAsking(true);
    try {
      const found = await invokeMain(getBridge(), 'mailbox.pictures', { urls: clean.remote.slice(0, 100) });
      setFetched(new Map(found.map(({ url, dataUrl }) => [url, dataUrl])));
    } finally {
      setAsking(false);
    }
  }

  return (
    <>
      {clean.remote.length === 0 ? null : (
        <div className={classes.pictures} role="note">
          <IconPhotoOff size={15} aria-hidden />
          <span>{t('mailbox.picturesHidden', { count: clean.remote.length })}</span>
          <Button size="compact-xs" variant="subtle" loading={isAsking} onClick={() => void fetchPictures()}>
            {t('mailbox.picturesShow')}
          </Button>
        </div>
      )}
      <Frame html={clean.html} label={props.label} />
    </>
  );
}

function Frame(props: { readonly html: string; readonly label: string }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState(LEAST_HEIGHT);
  const source = useMemo(() => frameOf(props.html), [props.html]);

  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    let observer: ResizeObserver | null = null;
    const onLoad = (): void => {
      const page = element.contentDocument;
      if (page === null) return;
      const measure = (): void =>
        setHeight(Math.min(MOST_HEIGHT, Math.max(LEAST_HEIGHT, page.documentElement.scrollHeight)));
      measure();
      observer = new ResizeObserver(measure);
      observer.observe(page.body);
      page.addEventListener('click', (event) => {
        const link = event.target instanceof (page.defaultView?.Element ?? Element) ? event.target.closest('a') : null;
        if (link === null) return;
        event.preventDefault();
        const address = link.getAttribute('href') ?? '';
        if (/^https?:/i.test(address)) void getBridge().invoke('shell.openExternal', { url: address });
      });
    };
    element.addEventListener('load', onLoad);
    return () => {
      element.removeEventListener('load', onLoad);
      observer?.disconnect();
    };
  }, []);

  return (
    // Nothing runs in it: `allow-same-origin` without scripts lets this page measure it and see which link was meant.
    <iframe
      ref={frame}
      className={classes.frame}
      title={props.label}
      sandbox="allow-same-origin"
      referrerPolicy="no-referrer"
      srcDoc={source}
      style={{ height }}
    />
  );
}

function Attachments(props: Pick<MailBodyProps, 'content' | 'mail'>) {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const [error, setError] = useState<string | null>(null);
  const { attachments } = props.content;
  if (attachments.length === 0) return null;

  async function save(index: number): Promise<void> {
    try {
      setError(null);
      const { name, bytes } = await invokeMain(getBridge(), 'mailbox.attachment', { mail: props.mail, index });
      saveContent(name, new Uint8Array(bytes));
    } catch (failure) {
      setError(errorText(failure));
    }
  }
  return (
    <div>
      <ul className={classes.files} aria-label={t('mailbox.attachments')}>
        {attachments.map(({ index, name, sizeBytes }) => (
          <li key={index}>
            <UnstyledButton
              className={classes.file}
              onClick={() => void save(index)}
              title={t('mailbox.saveAttachment', { name })}
            >
              <IconPaperclip size={14} aria-hidden />
              <span className={classes.fileName}>{name}</span>
              <span className={classes.fileSize}>{format.bytes(sizeBytes)}</span>
              <IconDownload size={14} aria-hidden />
            </UnstyledButton>
          </li>
        ))}
      </ul>
      {error === null ? null : (
        <p className={classes.error} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
