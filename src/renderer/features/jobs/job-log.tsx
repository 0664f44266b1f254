import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useLocalJobs } from '#renderer/features/jobs/use-local-jobs.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import type { JobLineText } from '#shared/jobs/job-lines.ts';
import classes from './jobs.module.css';

function useLineWords(): (line: JobLineText) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return (line) => {
    // Of a former version.
    if (typeof line === 'string') return line;
    const { key, values = {}, reason } = line;
    const why = reason === undefined ? '' : t(reason.code);
    const size = typeof values['bytes'] === 'number' ? format.bytes(values['bytes']) : '';
    return t(`localJobs.lines.${key}`, {
      ...values,
      size,
      reason:
        reason === undefined || reason.said === '' ? why : t('localJobs.reason', { reason: why, said: reason.said }),
    });
  };
}

/** What a job of this computer told while it ran. */
export function JobLog(props: { readonly id: string; readonly name: string; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const wordsOf = useLineWords();
  const { data, error } = useLocalJobs('localJobs.log', { id: props.id });
  return (
    <Panel
      title={t('localJobs.logOf', { name: props.name })}
      isFlush
      actions={
        <Button size="compact-xs" variant="subtle" onClick={props.onClose}>
          {t('common.close')}
        </Button>
      }
    >
      {data === null || data.length === 0 ? (
        <p className={classes.empty}>{error ?? (data === null ? '' : t('localJobs.noLines'))}</p>
      ) : (
        <ol
          className={classes.lines}
          data-selectable
          // It scrolls, and holds nothing to focus.
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={0}
        >
          {data.map(({ at, text }, index) => (
            // Lines never change places.
            // oxlint-disable-next-line react/no-array-index-key
            <li key={`${at} ${String(index)}`}>
              <time dateTime={at}>{format.seconds(at)}</time>
              <span>{wordsOf(text)}</span>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}
