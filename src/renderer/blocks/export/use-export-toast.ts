// What is said about an export when nobody looks at its dialog any more.
import { notifications } from '@mantine/notifications';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { DoneExport } from '#renderer/blocks/export/perform-export.ts';
import { useFormat } from '#renderer/app/format/format.ts';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { toOutpostError } from '#shared/kernel/errors.ts';

type ExportOutcome = DoneExport | { readonly title: string; readonly failure: unknown };

export function useExportProblem(): (failure: unknown) => string {
  const { t } = useTranslation();
  const errorText = useErrorText();
  // What a form of file cannot hold is told with what can.
  return useCallback(
    (failure) => (toOutpostError(failure).code === 'too_large' ? t('export.tooLarge') : errorText(failure)),
    [t, errorText],
  );
}

export function useExportToast(): (outcome: ExportOutcome) => void {
  const { t } = useTranslation();
  const format = useFormat();
  const explain = useExportProblem();
  return useCallback(
    (outcome) => {
      const closeButtonProps = { 'aria-label': t('common.close') };
      if ('failure' in outcome) {
        const title = t('export.toast.failed', { what: outcome.title });
        notifications.show({
          color: 'red',
          title,
          message: explain(outcome.failure),
          autoClose: false,
          closeButtonProps,
        });
        return;
      }
      const { name, rows, saved } = outcome;
      if (saved === 'cancelled') return;
      const message =
        saved === 'failed'
          ? t('export.toast.notSaved', { name })
          : t('export.toast.done', { count: rows, rows: format.number(rows), name });
      if (saved === 'failed') notifications.show({ color: 'red', message, autoClose: false, closeButtonProps });
      else notifications.show({ message, autoClose: 10_000, closeButtonProps });
    },
    [t, format, explain],
  );
}
