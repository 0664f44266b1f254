import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { createPivotNames, type PivotNames } from '#shared/analytics/pivot-names.ts';

/** What fields, members, values and cells of a pivot are called, in the user's language. */
export function usePivotNames(): PivotNames {
  const { t, i18n } = useTranslation();
  const names = useNames();
  const format = useFormat();
  return useMemo(() => createPivotNames(t, names, format, i18n.language), [t, names, format, i18n.language]);
}
