import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExportStyle } from '#shared/export/export-table.ts';

/** How values read in a file: as on this person's screen. */
export function useExportStyle(): ExportStyle {
  const { t, i18n } = useTranslation();
  return useMemo(
    () => ({
      locale: i18n.language === 'de' ? 'de-DE' : navigator.language.startsWith('en') ? navigator.language : 'en-GB',
      timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
      words: {
        yes: t('common.yes'),
        no: t('common.no'),
        about: t('export.about'),
        // The writer puts the numbers in.
        page: t('export.page', { page: '{{page}}', pages: '{{pages}}', interpolation: { escapeValue: false } }),
        empty: t('export.empty'),
        part: t('export.part'),
        line: t('export.line'),
        row: t('export.row'),
        value: t('export.value'),
        number: t('export.number'),
        currency: t('export.currency'),
        table: t('export.table'),
      },
    }),
    [t, i18n.language],
  );
}
