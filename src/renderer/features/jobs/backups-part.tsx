// Backups of unsent work: where they lie, how many are kept, one now, and bringing one back.
import { Button } from '@mantine/core';
import { IconArchive } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { BackupNow } from '#renderer/features/jobs/backup-now.tsx';
import { BackupSettings } from '#renderer/features/jobs/backup-settings.tsx';
import { Part } from '#renderer/features/jobs/part.tsx';
import { RestoreDialog, type OpenedBackup } from '#renderer/features/jobs/restore-dialog.tsx';
import { useLocalJobs } from '#renderer/features/jobs/use-local-jobs.ts';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { Panel } from '#renderer/ui/panel.tsx';
import { Scroll } from '#renderer/ui/scroll.tsx';
import type { KeptBackupFile } from '#shared/ipc/backup-channels.ts';
import { toOutpostError } from '#shared/kernel/errors.ts';
import classes from './jobs.module.css';

export function BackupsPart() {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const { data, error, refresh } = useLocalJobs('backups.state', {});
  const [opened, setOpened] = useState<OpenedBackup | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [jobId, setJobId] = useState<string | null>(null);

  async function guard(work: () => Promise<void>): Promise<void> {
    setProblem(null);
    try {
      await work();
    } catch (failure) {
      setProblem(errorText(failure));
    }
  }

  const backUp = () =>
    guard(async () => {
      setJobId((await invokeMain(getBridge(), 'backups.now', {})).jobId);
    });

  const look = (backup: Pick<KeptBackupFile, 'place' | 'name'> | null) =>
    guard(async () => {
      try {
        const preview = await invokeMain(getBridge(), 'backups.look', { backup });
        if (preview !== null) setOpened({ is: 'open', preview });
      } catch (failure) {
        if (toOutpostError(failure).code !== 'backup_passphrase') throw failure;
        setOpened({ is: 'closed' });
      }
    });

  return (
    <Part
      name="backups"
      errors={[error, problem]}
      actions={
        <>
          <Button size="xs" variant="default" disabled={data === null} onClick={() => void look(null)}>
            {t('localJobs.backups.fromFile')}
          </Button>
          <Button size="xs" disabled={data === null} onClick={() => void backUp()}>
            {t('localJobs.backups.now')}
          </Button>
        </>
      }
    >
      {jobId === null ? null : <BackupNow key={jobId} id={jobId} onEnd={refresh} />}
      {data === null ? null : (
        <div className={classes.stack}>
          <BackupSettings state={data} onChanged={refresh} />
          <Panel isFlush title={t('localJobs.backups.kept')}>
            {data.backups.length === 0 ? (
              <EmptyState
                icon={<IconArchive size={28} stroke={1.5} />}
                title={t('localJobs.backups.none')}
                text={t('localJobs.backups.noneText')}
              />
            ) : (
              <Scroll>
                <table className={classes.table}>
                  <thead>
                    <tr>
                      {(['when', 'where'] as const).map((column) => (
                        <th key={column} scope="col">
                          {t(`localJobs.backups.${column}`)}
                        </th>
                      ))}
                      <th scope="col" className="op-number">
                        {t('localJobs.backups.size')}
                      </th>
                      <th scope="col">{t('operations.jobs.action')}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {data.backups.map((backup) => {
                      const when = format.instant(backup.at);
                      return (
                        <tr key={`${backup.place} ${backup.name}`} data-backup={backup.place}>
                          <th scope="row">{when}</th>
                          <td>{t(`localJobs.backups.places.${backup.isCopied ? 'both' : backup.place}`)}</td>
                          <td className="op-number">{format.bytes(backup.bytes)}</td>
                          <td>
                            <Button
                              size="compact-xs"
                              variant="default"
                              aria-label={t('localJobs.backups.restoreOf', { when })}
                              onClick={() => void look({ place: backup.place, name: backup.name })}
                            >
                              {t('localJobs.backups.restore')}
                            </Button>
                          </td>
                        </tr>
                      );
                    })}
                  </tbody>
                </table>
              </Scroll>
            )}
          </Panel>
        </div>
      )}
      {opened === null ? null : (
        <RestoreDialog
          opened={opened}
          onOpened={setOpened}
          onClose={() => {
            setOpened(null);
            refresh();
          }}
        />
      )}
    </Part>
  );
}
