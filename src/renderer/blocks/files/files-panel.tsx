// The files of a record: drag them in or choose them, offline too; look, open, save, keep, delete. Attaching is a command like
// any other, given once the content is safe on this computer.
import { Alert, Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconPaperclip } from '@tabler/icons-react';
import { useRef, useState, type DragEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { handOver, readContent, saveContent } from '#renderer/blocks/files/file-content.ts';
import { FilePreview, type PreviewedFile } from '#renderer/blocks/files/file-preview.tsx';
import { FileRow, type FileActions } from '#renderer/blocks/files/file-row.tsx';
import { useFileErrorText } from '#renderer/blocks/files/use-file-error-text.ts';
import { useFileStates } from '#renderer/blocks/files/use-file-states.ts';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import type { EntityDefinition } from '#shared/entities/define-entity.ts';
import { fileParentFieldOf } from '#shared/entities/file/file.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './files.module.css';

/** More than anybody reads; the rest is found by name. */
const MOST_SHOWN = 200;

interface Attaching {
  readonly name: string;
  readonly percent: number;
}

export function FilesPanel(props: { readonly definition: EntityDefinition; readonly record: LocalRecord }) {
  const { t } = useTranslation();
  const field = fileParentFieldOf(props.definition.name);
  const { data } = useLive(
    'list',
    field === undefined
      ? null
      : {
          entity: 'file',
          filter: { field, op: 'eq', value: props.record.id },
          sort: [{ field: 'createdAt', direction: 'desc' }],
          offset: 0,
          limit: MOST_SHOWN,
        },
  );
  const canAttach = useCan()('update', props.definition, props.record);
  const [isOver, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const { attachAll, attaching, error, setError } = useAttach(field, props.record.id);
  if (field === undefined || data === undefined || (data.total === 0 && !canAttach)) return null;

  const dropping = canAttach
    ? {
        onDragOver: (event: DragEvent) => {
          if (!event.dataTransfer.types.includes('Files')) return;
          event.preventDefault();
          setOver(true);
        },
        onDragLeave: () => setOver(false),
        onDrop: (event: DragEvent) => {
          event.preventDefault();
          setOver(false);
          void attachAll([...event.dataTransfer.files]);
        },
      }
    : {};
  return (
    // Dropping is a shortcut; the button does the same by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div className={classes.drop} data-over={isOver} data-testid="files" {...dropping}>
      <Panel
        title={t('files.title', { count: data.total })}
        isFlush
        actions={
          canAttach ? (
            <>
              <Button
                variant="subtle"
                size="compact-xs"
                leftSection={<IconPaperclip size={14} />}
                onClick={() => input.current?.click()}
              >
                {t('files.attach')}
              </Button>
              <input
                ref={input}
                type="file"
                multiple
                hidden
                aria-label={t('files.attach')}
                data-testid="file-input"
                onChange={(event) => {
                  void attachAll([...(event.currentTarget.files ?? [])]);
                  event.currentTarget.value = '';
                }}
              />
            </>
          ) : null
        }
      >
        {error === null ? null : (
          <Alert
            color="red"
            role="alert"
            m={12}
            withCloseButton
            closeButtonLabel={t('common.close')}
            onClose={() => setError(null)}
          >
            {error}
          </Alert>
        )}
        <div role="status">
          {attaching === null ? null : (
            <div className={classes.busy}>
              {t('files.attaching', { name: attaching.name, percent: attaching.percent })}
            </div>
          )}
        </div>
        {data.total === 0 ? (
          <p className={classes.empty}>{t('files.empty')}</p>
        ) : (
          <FileList rows={data.rows} labels={data.labels} canRemove={canAttach} onError={setError} />
        )}
      </Panel>
    </div>
  );
}

function useAttach(field: string | undefined, recordId: string) {
  const { t } = useTranslation();
  const run = useCommand();
  const errorText = useFileErrorText();
  const [attaching, setAttaching] = useState<Attaching | null>(null);
  const [error, setError] = useState<string | null>(null);

  async function attach(file: File, isAlone: boolean): Promise<void> {
    setAttaching({ name: file.name, percent: 0 });
    const taken = await handOver(file, (share) => setAttaching({ name: file.name, percent: Math.floor(share * 100) }));
    const { id, ...values } = taken;
    const input = { entity: 'file', id, values: { ...values, [field ?? '']: recordId } };
    // Of several the list tells enough.
    const told = isAlone ? { done: t('files.attached', { name: taken.name }) } : {};
    const outcome = await run('createRecord', input, told);
    if (outcome === null) await invokeMain(getBridge(), 'files.discard', { id });
  }

  const attachAll = async (files: readonly File[]): Promise<void> => {
    setError(null);
    for (const file of files) {
      try {
        await attach(file, files.length === 1);
      } catch (failure) {
        setError(`${file.name}: ${errorText(failure)}`);
      }
    }
    setAttaching(null);
  };
  return { attaching, error, setError, attachAll };
}

function FileList(props: {
  readonly rows: readonly LocalRecord[];
  readonly labels: Readonly<Record<string, string>>;
  readonly canRemove: boolean;
  readonly onError: (text: string | null) => void;
}) {
  const { t } = useTranslation();
  const run = useCommand();
  const errorText = useFileErrorText();
  const stateOf = useFileStates(props.rows.map(({ id }) => id));
  const [previewed, setPreviewed] = useState<PreviewedFile | null>(null);
  // The stand-in for Electron opens no other programs: what it has is looked at or saved.
  const canOpen = useAppSelector((state) => state.device.info?.host === 'electron');

  function actionsOf(file: LocalRecord): FileActions {
    const { id } = file;
    const name = textOf(file['name']);
    const tell = (work: Promise<unknown>): void => {
      props.onError(null);
      void work.catch((failure: unknown) => props.onError(`${name}: ${errorText(failure)}`));
    };
    const input = { entity: 'file', id };
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
        void run('deleteRecord', input, {
          done: t('files.deleted', { name }),
          undo: { command: 'restoreRecord', input, entity: 'file', ids: [id], left: null },
        }),
    };
  }

  return (
    <>
      <ul className={classes.list}>
        {props.rows.map((file) => (
          <FileRow
            key={file.id}
            file={file}
            author={props.labels[file.ownerId ?? ''] ?? ''}
            state={stateOf(file.id)}
            canRemove={props.canRemove}
            canOpen={canOpen}
            actions={actionsOf(file)}
          />
        ))}
      </ul>
      {previewed === null ? null : <FilePreview file={previewed} onClose={() => setPreviewed(null)} />}
    </>
  );
}
