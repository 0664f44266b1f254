import type { ExportStyle } from '#shared/export/export-table.ts';
import type { Translate } from '#shared/words/names.ts';

/** What an exported file says of its own accord. `page` keeps the places of both numbers: the writer puts them in. */
export function exportWordsOf(t: Translate, page: string): ExportStyle['words'] {
  return {
    yes: t('common.yes'),
    no: t('common.no'),
    about: t('export.about'),
    page,
    empty: t('export.empty'),
    part: t('export.part'),
    line: t('export.line'),
    row: t('export.row'),
    value: t('export.value'),
    number: t('export.number'),
    currency: t('export.currency'),
    table: t('export.table'),
  };
}
