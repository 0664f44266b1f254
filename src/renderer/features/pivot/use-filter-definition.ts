// The fields of a pivot as an entity of its own, so that conditions are made with the same rows as in every list. Labels
// are translated already, because a path has no translation of its own.
import { useMemo } from 'react';
import { useDefinitions } from '#renderer/app/store/definitions.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import type { PivotNames } from '#shared/analytics/pivot-names.ts';
import type { PivotField } from '#shared/analytics/pivot-fields.ts';
import { entityOfSource, type PivotSource } from '#shared/analytics/pivot-source.ts';
import type { EntityDefinition, FieldDefinition } from '#shared/entities/define-entity.ts';

export function useFilterDefinition(
  source: PivotSource,
  fields: readonly PivotField[],
  pivotNames: PivotNames,
): EntityDefinition {
  const names = useNames();
  const definitions = useDefinitions();
  return useMemo(() => {
    const asField = (field: PivotField): FieldDefinition => {
      const last = field.steps.at(-1);
      const known = last === undefined ? undefined : definitions[last.entity].fields[last.field];
      const options = known?.options?.map(({ value }) => ({
        value,
        label: last === undefined ? value : names.option(definitions[last.entity], last.field, value),
      }));
      return {
        type: field.type,
        label: pivotNames.field(source, field.path),
        ...(field.to === undefined ? {} : { to: field.to }),
        ...(options === undefined ? {} : { options }),
      };
    };
    return {
      ...definitions[entityOfSource(source)],
      fields: Object.fromEntries(fields.map((field) => [field.path, asField(field)])),
    };
  }, [source, fields, pivotNames, names, definitions]);
}
