import { Alert, Progress } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocalJobs } from '#renderer/features/jobs/use-local-jobs.ts';
import { Pill } from '#renderer/ui/pill.tsx';

/** How far the backup is that somebody asked for, and what came of it. */
export function BackupNow(props: { readonly id: string; readonly onEnd: () => void }) {
  const { t } = useTranslation();
  const { id, onEnd } = props;
  const { data } = useLocalJobs('localJobs.list', { id });
  const job = data?.[0];
  const isDone = job?.state === 'done';
  useEffect(() => {
    if (isDone) onEnd();
  }, [isDone, onEnd]);
  if (job === undefined) return null;
  const { progress, error } = job;
  if (error !== null)
    return (
      <Alert color="yellow" mb="md" role="alert">
        {t(`errors.${error.code}`, { defaultValue: error.message })} {t('localJobs.backups.insideIsThere')}
      </Alert>
    );
  if (isDone)
    return (
      <p role="status">
        <Pill tone="good">{t('localJobs.backups.done')}</Pill>
      </p>
    );
  const value = progress === null || progress.total === 0 ? 0 : (progress.done / progress.total) * 100;
  return (
    <Alert color="blue" mb="md" role="status" title={t('localJobs.backups.running')}>
      <Progress.Root size="sm">
        <Progress.Section value={value} aria-label={t('localJobs.backups.running')} />
      </Progress.Root>
    </Alert>
  );
}
