import { Select, Switch, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useLive } from '#renderer/data/use-data.ts';
import type { AuditFilter } from '#renderer/features/settings/audit/use-audit.ts';
import { auditCommands } from '#renderer/features/settings/audit/use-audit-words.ts';
import { entityNames } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from '../settings.module.css';

export interface AuditWish {
  readonly actor: string | null;
  readonly command: string | null;
  readonly entity: string | null;
  /** Days in the user's time zone, empty for none. */
  readonly from: string;
  readonly until: string;
  readonly isRefusedOnly: boolean;
}

export const everything: AuditWish = {
  actor: null,
  command: null,
  entity: null,
  from: '',
  until: '',
  isRefusedOnly: false,
};

/** The beginning of a day where the user is; of the day after with `daysLater` 1. */
function startOf(day: string, daysLater: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + daysLater).toISOString();
}

export function toFilter({ actor, command, entity, from, until, isRefusedOnly }: AuditWish): AuditFilter {
  return {
    ...(actor === null ? {} : { actor }),
    ...(command === null ? {} : { command }),
    ...(entity === null ? {} : { entity }),
    ...(from === '' ? {} : { from: startOf(from, 0) }),
    ...(until === '' ? {} : { until: startOf(until, 1) }),
    ...(isRefusedOnly ? { refused: true } : {}),
  };
}

interface AuditFiltersProps {
  readonly wish: AuditWish;
  readonly onChange: (wish: AuditWish) => void;
}

export function AuditFilters({ wish, onChange }: AuditFiltersProps) {
  const { t } = useTranslation();
  const names = useNames();
  const { data } = useLive('list', {
    entity: 'user',
    sort: [{ field: 'name', direction: 'asc' }],
    offset: 0,
    limit: 500,
  });
  const users = (data?.rows ?? []).map((user) => ({ value: user.id, label: textOf(user['name']) }));
  const commands = auditCommands.map((value) => ({ value, label: t(`settings.audit.commands.${value}`) }));
  const kinds = entityNames.map((value) => ({ value, label: names.entity(entities[value]) }));
  const byLabel = (one: { label: string }, other: { label: string }): number => one.label.localeCompare(other.label);
  const select = (
    field: 'actor' | 'command' | 'entity',
    label: string,
    placeholder: string,
    options: readonly { value: string; label: string }[],
  ) => (
    <Select
      size="xs"
      w={140}
      label={label}
      placeholder={placeholder}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': t('common.clear') }}
      data={options.toSorted(byLabel)}
      value={wish[field]}
      onChange={(value) => onChange({ ...wish, [field]: value })}
    />
  );
  return (
    <div className={classes.toolbar}>
      {select('actor', t('settings.audit.who'), t('settings.audit.anyone'), users)}
      {select('command', t('settings.audit.what'), t('settings.audit.anything'), commands)}
      {select('entity', t('settings.audit.on'), t('settings.audit.anyRecord'), kinds)}
      {(['from', 'until'] as const).map((field) => (
        <TextInput
          key={field}
          type="date"
          size="xs"
          label={t(`settings.audit.${field}`)}
          value={wish[field]}
          onChange={(event) => onChange({ ...wish, [field]: event.currentTarget.value })}
        />
      ))}
      <Switch
        size="xs"
        mt={20}
        label={t('settings.audit.refusedOnly')}
        checked={wish.isRefusedOnly}
        onChange={(event) => onChange({ ...wish, isRefusedOnly: event.currentTarget.checked })}
      />
    </div>
  );
}
