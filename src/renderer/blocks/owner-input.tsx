import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAppSelector } from '#renderer/app/store/store.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { isPossibleOwner } from '#shared/access/owners.ts';
import type { EntityDefinition } from '#shared/entities/define-entity.ts';
import { textOf } from '#shared/kernel/text-of.ts';

const SHOWN = 50;

/** Chooses who gets records: only people `can()` would accept for every one of them, the own teams first. */
export function OwnerInput(props: {
  readonly definition: EntityDefinition;
  readonly records: readonly LocalRecord[];
  readonly value: string | null;
  readonly valueLabel?: string | undefined;
  readonly onChange: (id: string | null) => void;
  readonly label?: string;
  readonly ariaLabel?: string;
  readonly autoFocus?: boolean;
}) {
  const { t } = useTranslation();
  const actor = useAppSelector(({ device }) => (device.session?.status === 'signedIn' ? device.session.actor : null));
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed, 80);
  const isUnchanged = search === '' || search === props.valueLabel;
  const { data } = useLive('list', {
    entity: 'user',
    sort: [{ field: 'name', direction: 'asc' }],
    offset: 0,
    limit: 1000,
    ...(isUnchanged ? {} : { search }),
  });
  const { definition, records, value } = props;
  const people =
    actor === null
      ? []
      : (data?.rows ?? []).filter((person) =>
          records.every((record) => isPossibleOwner(actor, definition, record, person)),
        );
  const isNear = ({ id, teamId }: LocalRecord): boolean =>
    actor !== null && (id === actor.userId || (teamId !== null && actor.teamIds.includes(teamId)));
  const toOption = (person: LocalRecord) => ({ value: person.id, label: textOf(person['name']) });
  const near = people.filter(isNear).slice(0, SHOWN).map(toOption);
  const far = people
    .filter((person) => !isNear(person))
    .slice(0, SHOWN)
    .map(toOption);
  const isOffered = value === null || [...near, ...far].some((option) => option.value === value);
  const present = isOffered ? [] : [{ value, label: props.valueLabel ?? t('common.notAvailable') }];
  return (
    <Select
      {...(props.label === undefined ? { 'aria-label': props.ariaLabel ?? '' } : { label: props.label })}
      data={
        near.length === 0 || far.length === 0
          ? [...present, ...near, ...far]
          : [...present, { group: t('record.ownTeams'), items: near }, { group: t('record.otherTeams'), items: far }]
      }
      value={value}
      onChange={props.onChange}
      classNames={{ groupLabel: 'op-muted' }}
      searchable
      allowDeselect={false}
      withAsterisk={props.label !== undefined}
      onSearchChange={setTyped}
      filter={({ options }) => options}
      nothingFoundMessage={t('common.nothingFound')}
      placeholder={t('common.choose')}
      autoFocus={props.autoFocus ?? false}
    />
  );
}
