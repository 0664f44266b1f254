// The export of a pivot: what is on the screen, with the fields it is made of told to the audit.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import type { ExportOffer } from '#renderer/blocks/export/export-offer.ts';
import { useFilterText } from '#renderer/blocks/export/use-filter-text.ts';
import { useOwnName } from '#renderer/blocks/use-own-name.ts';
import { exportTableOf } from '#renderer/features/pivot/export-table.ts';
import type { ShownPivot } from '#renderer/features/pivot/copy-pivot.ts';
import { fieldsOfSpec } from '#shared/analytics/check-pivot.ts';
import { inputsOfStep, pivotFieldAt } from '#shared/analytics/pivot-fields.ts';
import type { EntityDefinition } from '#shared/entities/define-entity.ts';
import { fieldsOfFilter } from '#shared/query/check-fields.ts';

const instantNow = (): string => new Date().toISOString();

/** Null as long as nothing is shown. */
export function usePivotOffer(
  shown: ShownPivot | null,
  filterDefinition: EntityDefinition,
  title: string,
): ExportOffer | null {
  const { t } = useTranslation();
  const format = useFormat();
  const filterText = useFilterText();
  const ownName = useOwnName();
  return useMemo(() => {
    if (shown === null) return null;
    const { spec } = shown;
    const fields = fieldsOfSpec(spec).flatMap((path) =>
      (pivotFieldAt(spec.source, path)?.steps ?? []).flatMap((step) =>
        inputsOfStep(step).map((field) => ({ entity: step.entity, field })),
      ),
    );
    return {
      subject: { kind: 'analytics', what: 'pivot', source: spec.source },
      title,
      choices: [
        {
          value: 'shown',
          label: t('analytics.pivot.exportShown'),
          prepare: async () => ({
            table: exportTableOf(shown, title, [
              t('export.by', { name: ownName, when: format.instant(instantNow()) }),
              ...(spec.filter === undefined ? [] : [await filterText(filterDefinition, spec.filter)]),
            ]),
            fields,
            filteredBy: spec.filter === undefined ? [] : fieldsOfFilter(spec.filter),
          }),
        },
      ],
    };
  }, [shown, filterDefinition, title, t, format, filterText, ownName]);
}
