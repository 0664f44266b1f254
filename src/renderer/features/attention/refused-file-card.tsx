import { Alert, Button, Group } from '@mantine/core';
import { IconFileAlert } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormat } from '#renderer/app/format/format.ts';
import { readHere, saveContent } from '#renderer/blocks/files/file-content.ts';
import { FilePreview, isPreviewable } from '#renderer/blocks/files/file-preview.tsx';
import { useFileErrorText } from '#renderer/blocks/files/use-file-error-text.ts';
import { pathOfRecord } from '#renderer/blocks/record-paths.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import type { RefusedFile } from '#shared/ipc/file-state.ts';
import classes from './attention.module.css';

/** A file the server did not take: it is still here, to be looked at, saved, sent again, or let go. */
export function RefusedFileCard(props: { readonly file: RefusedFile }) {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useFileErrorText();
  const { file } = props;
  const { parent } = file;
  const { data } = useLive('record', parent === null ? null : { entity: parent.entity, id: parent.id });
  const isHeld = (data?.record ?? null) !== null;
  const path = parent === null || !isHeld ? null : pathOfRecord(parent.entity, parent.id);
  return (
    <Panel
      title={
        <span className={classes.title}>
          <IconFileAlert size={16} aria-hidden />
          <span>
            {t('files.refusedTitle')} {path === null ? file.name : <Link to={path}>{file.name}</Link>}
          </span>
        </span>
      }
      actions={<span className="op-muted">{format.bytes(file.sizeBytes)}</span>}
    >
      <div data-testid="refused-file" data-file={file.id} data-code={file.refusal.code}>
        <p className={classes.reason}>
          {t(`files.refusals.${file.refusal.code}`, { defaultValue: errorText(file.refusal) })}
        </p>
        <FileOffers file={file} />
        <Group gap={8} mt={12}>
          {file.refusal.code === 'cancelled' || path === null ? null : (
            <Button onClick={() => void invokeMain(getBridge(), 'files.retry', { id: file.id })}>
              {t('attention.resend')}
            </Button>
          )}
          <Button
            variant="subtle"
            color="red"
            onClick={() => void invokeMain(getBridge(), 'files.discard', { id: file.id })}
          >
            {t('attention.discard')}
          </Button>
        </Group>
      </div>
    </Panel>
  );
}

/** Looking at and saving a file that only this computer has. */
export function FileOffers(props: { readonly file: Omit<RefusedFile, 'refusal' | 'parent'> }) {
  const { t } = useTranslation();
  const errorText = useFileErrorText();
  const [isShown, setShown] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const { file } = props;
  return (
    <>
      {error === null ? null : (
        <Alert color="yellow" role="alert">
          {error}
        </Alert>
      )}
      <Group gap={8} mt={12}>
        {isPreviewable(file) ? (
          <Button variant="default" onClick={() => setShown(true)}>
            {t('files.preview')}
          </Button>
        ) : null}
        <Button
          variant="default"
          onClick={() =>
            void readHere(file.id, file.sizeBytes).then(
              (bytes) => saveContent(file.name, bytes),
              (failure: unknown) => setError(errorText(failure)),
            )
          }
        >
          {t('files.saveAs')}
        </Button>
      </Group>
      {isShown ? <FilePreview file={file} onClose={() => setShown(false)} /> : null}
    </>
  );
}
