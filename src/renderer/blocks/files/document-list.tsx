// Files as documents: the newest version of each, the older ones below it when they are asked for.
import { notifications } from '@mantine/notifications';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { DocumentDialog } from '#renderer/blocks/files/document-dialog.tsx';
import { readContent, saveContent } from '#renderer/blocks/files/file-content.ts';
import { FilePreview, type PreviewedFile } from '#renderer/blocks/files/file-preview.tsx';
import { FileRow, type FileActions } from '#renderer/blocks/files/file-row.tsx';
import { RecordLink } from '#renderer/blocks/files/record-link.tsx';
import { useFileErrorText } from '#renderer/blocks/files/use-file-error-text.ts';
import { useFileStates } from '#renderer/blocks/files/use-file-states.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { documentName, toDocuments, type DocumentVersions } from '#shared/entities/file/document-versions.ts';
import { fileParentFields } from '#shared/entities/file/file.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './files.module.css';

/** What the next version of a document takes over from this one. */
function valuesOfNext({ id, newest }: DocumentVersions<LocalRecord>): Readonly<Record<string, unknown>> {
  const kept = ['title', 'documentKind', ...Object.keys(fileParentFields)].flatMap((field) =>
    textOf(newest[field]) === '' ? [] : [[field, newest[field]] as const],
  );
  return { ...Object.fromEntries(kept), documentId: id };
}

export function DocumentList(props: {
  readonly rows: readonly LocalRecord[];
  readonly labels: Readonly<Record<string, string>>;
  readonly canChange: (file: LocalRecord) => boolean;
  readonly onError: (text: string | null) => void;
  readonly onVersion?: (files: readonly File[], values: Readonly<Record<string, unknown>>) => void;
  /** Whether the record a file belongs to is named: where files of several are listed. */
  readonly showsRecord?: (file: LocalRecord) => boolean;
}) {
  const { t } = useTranslation();
  const run = useCommand();
  const errorText = useFileErrorText();
  const stateOf = useFileStates(props.rows.map(({ id }) => id));
  const [previewed, setPreviewed] = useState<PreviewedFile | null>(null);
  const [edited, setEdited] = useState<LocalRecord | null>(null);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const input = useRef<HTMLInputElement>(null);
  const versionOf = useRef<DocumentVersions<LocalRecord> | null>(null);
  // The stand-in for Electron opens no other programs: what it has is looked at or saved.
  const canOpen = useAppSelector((state) => state.device.info?.host === 'electron');
  const documents = toDocuments(props.rows);

  function actionsOf(document: DocumentVersions<LocalRecord>, file: LocalRecord): FileActions {
    const { id } = file;
    const name = documentName(file);
    const tell = (work: Promise<unknown>): void => {
      props.onError(null);
      void work.catch((failure: unknown) => props.onError(`${name}: ${errorText(failure)}`));
    };
    const target = { entity: 'file', id };
    const isNewest = file === document.newest;
    return {
      preview: () =>
        setPreviewed({ id, name, mediaType: textOf(file['mediaType']), sizeBytes: Number(file['sizeBytes']) }),
      open: () => tell(invokeMain(getBridge(), 'files.open', { id })),
      save: () =>
        tell(
          readContent(id).then((bytes) => {
            saveContent(name, bytes);
            // Electron asks where to; its stand-in has one place.
            if (!canOpen)
              notifications.show({
                message: t('files.inDownloads', { name }),
                closeButtonProps: { 'aria-label': t('common.close') },
              });
          }),
        ),
      pin: (on) => tell(invokeMain(getBridge(), 'files.pin', { id, on })),
      retry: () => tell(invokeMain(getBridge(), 'files.retry', { id })),
      remove: () =>
        void run('deleteRecord', target, {
          done: t('files.deleted', { name }),
          undo: { command: 'restoreRecord', input: target, entity: 'file', ids: [id], left: null },
        }),
      edit: () => setEdited(file),
      ...(isNewest && props.onVersion !== undefined
        ? {
            addVersion: () => {
              versionOf.current = document;
              input.current?.click();
            },
          }
        : {}),
    };
  }

  function toggle(id: string): void {
    setOpened((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  }

  return (
    <>
      <ul className={classes.list}>
        {documents.map((document) => {
          const isOpen = opened.has(document.id);
          const shown = isOpen ? document.versions : document.versions.slice(0, 1);
          return shown.map(({ file, number }) => (
            <FileRow
              key={file.id}
              file={file}
              author={props.labels[file.ownerId ?? ''] ?? ''}
              state={stateOf(file.id)}
              canRemove={props.canChange(file)}
              canOpen={canOpen}
              actions={actionsOf(document, file)}
              extra={
                props.showsRecord?.(file) === true && file === document.newest ? (
                  <RecordLink file={file} labels={props.labels} />
                ) : undefined
              }
              {...(document.versions.length > 1 ? { version: number } : {})}
              {...(document.versions.length > 1 && file === document.newest
                ? { versions: { count: document.versions.length, isOpen, toggle: () => toggle(document.id) } }
                : {})}
              isOlder={file !== document.newest}
            />
          ));
        })}
      </ul>
      <input
        ref={input}
        type="file"
        hidden
        aria-hidden
        tabIndex={-1}
        data-testid="version-input"
        onChange={(event) => {
          const document = versionOf.current;
          const files = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = '';
          if (document !== null) props.onVersion?.(files, valuesOfNext(document));
        }}
      />
      {previewed === null ? null : <FilePreview file={previewed} onClose={() => setPreviewed(null)} />}
      {edited === null ? null : <DocumentDialog file={edited} onClose={() => setEdited(null)} />}
    </>
  );
}
