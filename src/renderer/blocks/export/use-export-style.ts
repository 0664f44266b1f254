import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExportStyle } from '#shared/export/export-table.ts';
import { exportWordsOf } from '#shared/words/export-words.ts';

/** How values read in a file: as on this person's screen. */
export function useExportStyle(): ExportStyle {
  const { t, i18n } = useTranslation();
  return useMemo(
    () => ({
      locale: i18n.language === 'de' ? 'de-DE' : navigator.language.startsWith('en') ? navigator.language : 'en-GB',
      timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
      words: exportWordsOf(
        t,
        t('export.page', { page: '{{page}}', pages: '{{pages}}', interpolation: { escapeValue: false } }),
      ),
    }),
    [t, i18n.language],
  );
}
