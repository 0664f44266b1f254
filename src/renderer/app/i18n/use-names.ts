import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { createNames, type Names } from '#shared/words/names.ts';

/** Names of entities, fields and options in the user's language. */
export function useNames(): Names {
  const { t } = useTranslation();
  return useMemo(() => createNames(t), [t]);
}
