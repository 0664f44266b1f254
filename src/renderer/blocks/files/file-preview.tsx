// A look at a file inside the window: pictures as pictures, text as letters, pages of documents as pictures of them. What is shown is decided by the bytes that are
// here, not by what somebody says they are; nothing of it is ever a page.
import { Alert, Button, Group, Loader, Modal } from '@mantine/core';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readContent, saveContent } from '#renderer/blocks/files/file-content.ts';
import { useFileErrorText } from '#renderer/blocks/files/use-file-error-text.ts';
import { MOST_PREVIEW_BYTES, MOST_PREVIEW_TEXT_BYTES, previewOf } from '#shared/files/file-policy.ts';
import { sniffType } from '#shared/files/sniff-type.ts';
import classes from './files.module.css';

// The reader of documents is loaded when the first one is looked at.
const PdfPreview = lazy(async () => ({
  default: (await import('#renderer/blocks/files/pdf-preview.tsx')).PdfPreview,
}));

export interface PreviewedFile {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
}

/** True for files that can be looked at here. */
export function isPreviewable({ mediaType, sizeBytes }: Pick<PreviewedFile, 'mediaType' | 'sizeBytes'>): boolean {
  const kind = previewOf(mediaType);
  return kind === 'text' || (kind !== null && sizeBytes <= MOST_PREVIEW_BYTES);
}

type Shown =
  | { readonly kind: 'picture'; readonly url: string }
  | { readonly kind: 'text'; readonly text: string; readonly isCut: boolean }
  | { readonly kind: 'pages'; readonly bytes: Uint8Array<ArrayBuffer> };

function decode(bytes: Uint8Array<ArrayBuffer>): string {
  const isWide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (isWide) return new TextDecoder(bytes[0] === 0xff ? 'utf-16le' : 'utf-16be').decode(bytes);
  const text = new TextDecoder('utf-8').decode(bytes, { stream: true });
  return text.includes('\ufffd') ? new TextDecoder('windows-1252').decode(bytes) : text;
}

async function prepare(file: PreviewedFile): Promise<Shown | null> {
  const isText = previewOf(file.mediaType) === 'text';
  const bytes = await readContent(file.id, isText ? MOST_PREVIEW_TEXT_BYTES : MOST_PREVIEW_BYTES);
  const mediaType = sniffType(bytes);
  const kind = previewOf(mediaType);
  if (kind === 'picture') return { kind, url: URL.createObjectURL(new Blob([bytes], { type: mediaType })) };
  if (kind === 'pages') return { kind, bytes };
  return kind === 'text' ? { kind, text: decode(bytes), isCut: bytes.length < file.sizeBytes } : null;
}

export function FilePreview(props: { readonly file: PreviewedFile; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const errorText = useFileErrorText();
  const { file } = props;
  const [shown, setShown] = useState<Shown | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    let url: string | null = null;
    let isStopped = false;
    async function show(): Promise<void> {
      try {
        const ready = await prepare(file);
        if (ready?.kind === 'picture') ({ url } = ready);
        if (isStopped && url !== null) URL.revokeObjectURL(url);
        if (isStopped) return;
        setShown(ready);
        if (ready === null) setError(t('files.noPreview'));
      } catch (failure) {
        if (!isStopped) setError(errorText(failure));
      }
    }
    void show();
    return () => {
      isStopped = true;
      if (url !== null) URL.revokeObjectURL(url);
    };
  }, [file, errorText, t]);

  return (
    <Modal
      opened
      onClose={props.onClose}
      title={<span className={classes.previewTitle}>{file.name}</span>}
      size="xl"
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {error === null ? null : (
        <Alert color="yellow" role="alert">
          {error}
        </Alert>
      )}
      {error === null && shown === null ? <Loader size="sm" aria-label={t('files.fetching')} /> : null}
      {shown?.kind === 'picture' ? (
        <div className={classes.picture}>
          <img src={shown.url} alt={t('files.pictureOf', { name: file.name })} />
        </div>
      ) : null}
      {shown?.kind === 'text' ? (
        <>
          {/* A text can be longer than the window: it is scrolled by keyboard, too. */}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <pre className={classes.text} tabIndex={0} aria-label={t('files.textOf', { name: file.name })}>
            {shown.text}
          </pre>
          {shown.isCut ? <p className="op-muted">{t('files.cut')}</p> : null}
        </>
      ) : null}
      {shown?.kind === 'pages' ? (
        <Suspense fallback={<Loader size="sm" aria-label={t('files.fetching')} />}>
          <PdfPreview name={file.name} bytes={shown.bytes} />
        </Suspense>
      ) : null}
      <Group mt="md" justify="flex-end">
        <Button
          variant="default"
          onClick={() =>
            void readContent(file.id).then(
              (bytes) => saveContent(file.name, bytes),
              (failure: unknown) => setError(errorText(failure)),
            )
          }
        >
          {t('files.saveAs')}
        </Button>
      </Group>
    </Modal>
  );
}
