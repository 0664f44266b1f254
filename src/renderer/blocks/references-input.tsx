import { MultiSelect } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { recordTitle } from '#renderer/blocks/record-title.ts';
import { useFieldModes } from '#renderer/blocks/use-field-modes.ts';
import { useLive } from '#renderer/data/use-data.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';

/** Chooses several records by typing a part of their names. */
export function ReferencesInput(props: {
  readonly entity: EntityName;
  readonly value: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly onChange: (ids: readonly string[]) => void;
  readonly label?: string;
  readonly ariaLabel?: string;
  readonly size?: 'xs' | 'sm';
}) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed, 80);
  const [known, setKnown] = useState<Readonly<Record<string, string>>>({});
  const fieldModes = useFieldModes();
  const definition = entities[props.entity];
  const { data } = useLive('list', {
    entity: props.entity,
    sort: fieldModes.sortable(definition, [{ field: definition.titleField, direction: 'asc' }]),
    offset: 0,
    limit: 30,
    ...(search === '' ? {} : { search }),
  });
  const options = new Map((data?.rows ?? []).map((row) => [row.id, recordTitle(row)]));
  for (const id of props.value)
    if (!options.has(id)) options.set(id, known[id] ?? props.labels[id] ?? t('common.notAvailable'));
  return (
    <MultiSelect
      {...(props.label === undefined ? { 'aria-label': props.ariaLabel ?? props.entity } : { label: props.label })}
      size={props.size ?? 'sm'}
      data={[...options].map(([value, label]) => ({ value, label }))}
      value={[...props.value]}
      onChange={(ids) => {
        // What was chosen keeps its name when the list is searched for somebody else.
        setKnown((before) => ({ ...before, ...Object.fromEntries(ids.map((id) => [id, options.get(id) ?? ''])) }));
        props.onChange(ids);
      }}
      searchable
      searchValue={typed}
      onSearchChange={setTyped}
      filter={({ options: all }) => all}
      hidePickedOptions
      nothingFoundMessage={t('common.nothingFound')}
      placeholder={props.value.length === 0 ? t('common.choose') : ''}
    />
  );
}
