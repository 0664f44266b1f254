import { Button, Select, Switch, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { DayInput } from '#renderer/blocks/day-input.tsx';
import { useLive } from '#renderer/data/use-data.ts';
import { switchFilters, type TextFilter } from '#renderer/features/audit/wish.ts';
import { auditEffects } from '#shared/audit/effects.ts';
import { namedActionNames } from '#shared/audit/named-actions.ts';
import { entityNames } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './audit.module.css';

/** After the last letter. */
const SETTLE_MS = 300;

interface EntryFiltersProps {
  readonly search: URLSearchParams;
  readonly onChange: (name: string, value: string | null) => void;
  readonly onClear: () => void;
}

type Options = readonly { readonly value: string; readonly label: string }[];

function useOptions(): Readonly<Record<'actor' | 'action' | 'effect' | 'entity', Options>> {
  const { t } = useTranslation();
  const names = useNames();
  const { data } = useLive('list', {
    entity: 'user',
    sort: [{ field: 'name', direction: 'asc' }],
    offset: 0,
    limit: 500,
  });
  const sorted = (options: Options): Options => options.toSorted((one, other) => one.label.localeCompare(other.label));
  return {
    actor: (data?.rows ?? []).map((user) => ({ value: user.id, label: textOf(user['name']) })),
    action: sorted(namedActionNames.map((value) => ({ value, label: t(`audit.actions.${value}`) }))),
    effect: auditEffects.map((value) => ({ value, label: t(`audit.effects.${value}`) })),
    entity: sorted(entityNames.map((value) => ({ value, label: names.entity(entities[value]) }))),
  };
}

export function EntryFilters({ search, onChange, onClear }: EntryFiltersProps) {
  const { t } = useTranslation();
  const options = useOptions();
  const [text, setText] = useState(search.get('text') ?? '');
  const settle = useDebouncedCallback(
    (value: string) => onChange('text', value.trim() === '' ? null : value),
    SETTLE_MS,
  );
  const select = (name: TextFilter & keyof typeof options, label: string, placeholder: string) => (
    <Select
      size="xs"
      w={150}
      label={label}
      placeholder={placeholder}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': t('common.clear') }}
      data={options[name]}
      value={search.get(name)}
      onChange={(value) => onChange(name, value)}
    />
  );
  return (
    <search className={classes.toolbar} aria-label={t('audit.tabs.entries')}>
      <TextInput
        size="xs"
        w={260}
        label={t('audit.filters.search')}
        placeholder={t('audit.filters.searchHint')}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          settle(event.currentTarget.value);
        }}
      />
      {select('actor', t('audit.filters.who'), t('audit.filters.anyone'))}
      {select('action', t('audit.filters.action'), t('audit.filters.anyAction'))}
      {select('effect', t('audit.filters.effect'), t('audit.filters.anyAction'))}
      {select('entity', t('audit.filters.on'), t('audit.filters.anyRecord'))}
      {(['from', 'until'] as const).map((name) => (
        <DayInput
          key={name}
          size="xs"
          w={140}
          clearable
          label={t(`audit.filters.${name}`)}
          value={search.get(name)}
          onChange={(day) => onChange(name, day)}
        />
      ))}
      <Select
        size="xs"
        w={140}
        label={t('audit.filters.review')}
        placeholder={t('audit.filters.anyReview')}
        clearable
        clearButtonProps={{ 'aria-label': t('common.clear') }}
        data={(['open', 'done'] as const).map((value) => ({ value, label: t(`audit.filters.${value}`) }))}
        value={search.get('review')}
        onChange={(value) => onChange('review', value)}
      />
      {switchFilters.map((name) => (
        <Switch
          key={name}
          size="xs"
          pb={6}
          label={t(`audit.filters.${name}`)}
          checked={search.get(name) === '1'}
          onChange={(event) => onChange(name, event.currentTarget.checked ? '1' : null)}
        />
      ))}
      <Button
        size="xs"
        variant="subtle"
        onClick={() => {
          setText('');
          onClear();
        }}
      >
        {t('audit.filters.clear')}
      </Button>
    </search>
  );
}
