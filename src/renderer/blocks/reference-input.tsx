import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { recordTitle } from '#renderer/blocks/record-title.ts';
import { useFieldModes } from '#renderer/blocks/use-field-modes.ts';
import { useLive } from '#renderer/data/use-data.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import type { Filter } from '#shared/query/filter.ts';

/** Chooses a record by typing a part of its name. */
export function ReferenceInput(props: {
  readonly entity: EntityName;
  readonly value: string | null;
  readonly valueLabel?: string | undefined;
  readonly onChange: (id: string | null) => void;
  readonly label?: string;
  readonly ariaLabel?: string;
  readonly isRequired?: boolean;
  readonly isDisabled?: boolean;
  readonly error?: string | undefined;
  readonly autoFocus?: boolean;
  readonly size?: 'xs' | 'sm';
  readonly placeholder?: string;
  /** Only these are offered. Default: everything in sight. */
  readonly among?: Filter;
  /** Not offered even so. */
  readonly without?: readonly string[];
}) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed, 80);
  const fieldModes = useFieldModes();
  const definition = entities[props.entity];
  const isUnchanged = search === '' || search === props.valueLabel;
  const { data } = useLive('list', {
    entity: props.entity,
    sort: fieldModes.sortable(definition, [{ field: definition.titleField, direction: 'asc' }]),
    offset: 0,
    limit: 30,
    ...(isUnchanged ? {} : { search }),
    ...(props.among === undefined ? {} : { filter: props.among }),
  });
  const offered = (data?.rows ?? []).filter(({ id }) => props.without?.includes(id) !== true);
  const options = new Map(offered.map((row) => [row.id, recordTitle(row)]));
  if (props.value !== null && !options.has(props.value))
    options.set(props.value, props.valueLabel ?? t('common.notAvailable'));
  return (
    <Select
      {...(props.label === undefined ? { 'aria-label': props.ariaLabel ?? props.entity } : { label: props.label })}
      data={[...options].map(([value, label]) => ({ value, label }))}
      value={props.value}
      onChange={props.onChange}
      searchable
      clearable={props.isRequired !== true}
      allowDeselect={props.isRequired !== true}
      clearButtonProps={{ 'aria-label': t('common.clear') }}
      disabled={props.isDisabled ?? false}
      withAsterisk={props.isRequired ?? false}
      error={props.error}
      onSearchChange={setTyped}
      filter={({ options: all }) => all}
      nothingFoundMessage={t('common.nothingFound')}
      placeholder={props.placeholder ?? t('common.choose')}
      size={props.size ?? 'sm'}
      autoFocus={props.autoFocus ?? false}
    />
  );
}
