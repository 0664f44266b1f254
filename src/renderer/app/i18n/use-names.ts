import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useDefinitions } from '#renderer/app/store/definitions.ts';
import { createNames, type Names } from '#shared/words/names.ts';

/** Names of entities, fields and options in the user's language, custom ones as the organization calls them. */
export function useNames(): Names {
  const { t } = useTranslation();
  const definitions = useDefinitions();
  return useMemo(() => createNames(t, definitions), [t, definitions]);
}
