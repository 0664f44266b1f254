import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { saveFile } from '#renderer/blocks/save-file.ts';
import { lookAgain } from '#renderer/blocks/look-again.ts';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { ScrollPage } from '#renderer/features/audit/scroll-page.tsx';
import { NOTHING, useAnswer } from '#renderer/features/audit/use-answer.ts';
import type { AuditExport } from '#shared/sync/audit-messages.ts';
import classes from './audit.module.css';

/** While one is being made. */
const LOOK_MS = 2_000;

/** Files somebody asked for: when they are there, they are saved from here. */
export function FilesPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const { value: files, error, askAgain } = useAnswer('audit.exports', NOTHING);
  const [failure, setFailure] = useState<string | null>(null);
  const isWaiting = files?.some(({ state }) => state === 'waiting') === true;
  useEffect(() => {
    return isWaiting ? lookAgain(askAgain, LOOK_MS) : undefined;
  }, [isWaiting, askAgain]);

  async function save({ id, fileName }: AuditExport): Promise<void> {
    try {
      const { mediaType, bytes } = await invokeMain(getBridge(), 'audit.exportFile', { id });
      saveFile(fileName ?? 'audit', new Blob([new Uint8Array(bytes)], { type: mediaType }));
      setFailure(null);
    } catch (cause) {
      setFailure(errorText(cause));
    }
  }

  const stateText = ({ state, error: code }: AuditExport): string =>
    code === null ? t(`audit.fileStates.${state}`) : `${t(`audit.fileStates.${state}`)}: ${t(`errors.${code}`)}`;
  return (
    <ScrollPage title={t('audit.tabs.files')} text={t('audit.files.text')} error={error ?? failure}>
      {files?.length === 0 ? <p role="status">{t('audit.files.none')}</p> : null}
      {files === null || files.length === 0 ? null : (
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t('audit.files.when')}</th>
              <th scope="col">{t('audit.files.format')}</th>
              <th scope="col" className={classes.number}>
                {t('audit.files.rows')}
              </th>
              <th scope="col">{t('audit.files.state')}</th>
              <th scope="col">{t('audit.files.save')}</th>
            </tr>
          </thead>
          <tbody>
            {files.map((file) => (
              <tr key={file.id} data-state={file.state}>
                <td className={classes.nowrap}>{format.instant(file.at)}</td>
                <td>{file.format.toUpperCase()}</td>
                <td className={classes.number}>{file.state === 'done' ? format.number(file.entries) : ''}</td>
                <td>{stateText(file)}</td>
                <td>
                  {file.state === 'done' ? (
                    <Button
                      size="compact-xs"
                      variant="default"
                      aria-label={t('audit.files.saveNamed', { name: file.fileName ?? '' })}
                      onClick={() => void save(file)}
                    >
                      {t('audit.files.save')}
                    </Button>
                  ) : null}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </ScrollPage>
  );
}
