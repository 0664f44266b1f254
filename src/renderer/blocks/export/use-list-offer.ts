// The export of a list: its rows as they are filtered and sorted, or only the chosen ones, with the columns that are shown
// or all there are.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import type { ExportChoice, ExportOffer } from '#renderer/blocks/export/export-offer.ts';
import type { ListQuery } from '#renderer/data/data-contract.ts';
import type { EntityDefinition } from '#shared/entities/define-entity.ts';

interface ExportedList {
  readonly definition: EntityDefinition;
  readonly query: Omit<ListQuery, 'offset' | 'limit'>;
  /** The columns on the screen, and all there are. */
  readonly shown: readonly string[];
  readonly all: readonly string[];
  readonly chosenIds: ReadonlySet<string>;
  readonly total: number | null;
}

export function useListOffer(list: ExportedList): ExportOffer {
  const { t } = useTranslation();
  const names = useNames();
  const format = useFormat();
  const { definition, query, shown, all, chosenIds, total } = list;
  const title = names.entities(definition);
  return useMemo(() => {
    const counted = total === null ? '' : format.number(total);
    const choices: ExportChoice[] = [
      {
        value: 'shown',
        label: t('export.choices.shown', { all: counted }),
        question: { kind: 'list', asked: { query, fields: shown, isWhole: false } },
      },
      {
        value: 'all',
        label: t('export.choices.all', { all: counted }),
        question: { kind: 'list', asked: { query, fields: all, isWhole: true } },
      },
    ];
    if (chosenIds.size > 0) {
      choices.unshift({
        value: 'chosen',
        label: t('export.choices.chosen', { count: chosenIds.size, formatted: format.number(chosenIds.size) }),
        question: { kind: 'list', asked: { query, fields: shown, isWhole: false, ids: [...chosenIds] } },
      });
    }
    return { subject: { kind: 'records', entity: definition.name }, title, choices };
  }, [t, format, definition, title, query, shown, all, chosenIds, total]);
}
