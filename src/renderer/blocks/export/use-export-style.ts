import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useBrand } from '#renderer/blocks/use-brand.ts';
import { brandOfFile } from '#shared/brand/brand-of-file.ts';
import type { ExportStyle } from '#shared/export/export-table.ts';
import { exportWordsOf } from '#shared/words/export-words.ts';

/** How values read in a file: as on this person's screen, under the name of the organization. */
export function useExportStyle(): ExportStyle {
  const { t, i18n } = useTranslation();
  const brand = useBrand();
  return useMemo(
    () => ({
      ...brandOfFile(brand),
      locale: i18n.language === 'de' ? 'de-DE' : navigator.language.startsWith('en') ? navigator.language : 'en-GB',
      timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
      words: exportWordsOf(
        t,
        t('export.page', { page: '{{page}}', pages: '{{pages}}', interpolation: { escapeValue: false } }),
      ),
    }),
    [t, i18n.language, brand],
  );
}
