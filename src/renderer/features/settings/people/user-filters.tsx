import { Select, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ReferenceInput } from '#renderer/blocks/reference-input.tsx';
import type { SignInWay } from '#renderer/features/settings/people/use-sign-in-ways.ts';
import type { ShownRole } from '#renderer/features/settings/use-roles.ts';
import type { Filter } from '#shared/query/filter.ts';
import classes from './people.module.css';

/** `invited` and `none` are known to the server alone. */
export const userStates = ['active', 'off', 'invited', 'none'] as const;
export type UserState = (typeof userStates)[number];

export interface UserWish {
  readonly search: string;
  readonly role: string | null;
  readonly teamId: string | null;
  readonly state: UserState | null;
}

export const anybody: UserWish = { search: '', role: null, teamId: null, state: null };

/** Null: nobody can match, because what would have to be known is not. */
export function filterOf(wish: UserWish, ways: ReadonlyMap<string, SignInWay> | null): Filter | undefined {
  const parts: Filter[] = [];
  if (wish.role !== null) parts.push({ field: 'role', op: 'eq', value: wish.role });
  if (wish.teamId !== null) parts.push({ field: 'teamId', op: 'eq', value: wish.teamId });
  if (wish.state === 'active') parts.push({ field: 'isActive', op: 'ne', value: false });
  if (wish.state === 'off') parts.push({ field: 'isActive', op: 'eq', value: false });
  if (wish.state === 'invited' || wish.state === 'none') {
    const isMeant = ({ state }: SignInWay): boolean =>
      wish.state === 'none' ? state === 'none' : state === 'oneTime' || state === 'expired';
    const ids = [...(ways?.values() ?? [])].filter(isMeant).map(({ userId }) => userId);
    parts.push({ field: 'id', op: 'in', value: ids }, { field: 'isActive', op: 'ne', value: false });
  }
  return parts.length === 0 ? undefined : { and: parts };
}

export function UserFilters(props: {
  readonly wish: UserWish;
  readonly roles: readonly ShownRole[];
  readonly knowsWays: boolean;
  readonly onChange: (wish: UserWish) => void;
}) {
  const { t } = useTranslation();
  const { wish, onChange } = props;
  const states = userStates.filter((state) => props.knowsWays || state === 'active' || state === 'off');
  return (
    <search className={classes.filters}>
      <TextInput
        size="xs"
        w={180}
        leftSection={<IconSearch size={14} />}
        aria-label={t('people.search')}
        placeholder={t('people.search')}
        value={wish.search}
        onChange={(event) => onChange({ ...wish, search: event.currentTarget.value })}
      />
      <Select
        size="xs"
        w={150}
        aria-label={t('people.byRole')}
        placeholder={t('people.everyRole')}
        clearable
        clearButtonProps={{ 'aria-label': t('common.clear') }}
        data={props.roles.map(({ id, name }) => ({ value: id, label: name }))}
        value={wish.role}
        onChange={(role) => onChange({ ...wish, role })}
      />
      <div className={classes.narrow}>
        <ReferenceInput
          entity="team"
          size="xs"
          ariaLabel={t('people.byTeam')}
          placeholder={t('people.everyTeam')}
          value={wish.teamId}
          onChange={(teamId) => onChange({ ...wish, teamId })}
        />
      </div>
      <Select
        size="xs"
        w={150}
        aria-label={t('people.byState')}
        placeholder={t('people.everyState')}
        clearable
        clearButtonProps={{ 'aria-label': t('common.clear') }}
        data={states.map((value) => ({ value, label: t(`people.states.${value}`) }))}
        value={wish.state}
        onChange={(state) => onChange({ ...wish, state: userStates.find((known) => known === state) ?? null })}
      />
    </search>
  );
}
