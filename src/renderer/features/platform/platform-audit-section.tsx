import { Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { Section } from '#renderer/features/platform/section.tsx';
import { usePlatform } from '#renderer/features/platform/use-platform.ts';
import { entityOf } from '#shared/entities/registry.ts';
import classes from './platform.module.css';

/** What was done in the organizations, without a word of what it was done to. */
export function PlatformAuditSection() {
  const { t } = useTranslation();
  const format = useFormat();
  const organizations = usePlatform('listOrganizations', {});
  const [organization, setOrganization] = useState<string | null>(null);
  const [command, setCommand] = useState('');
  const [asked] = useDebouncedValue(command.trim(), 300);
  const { answer, error } = usePlatform('readAudit', {
    ...(organization === null ? {} : { organization }),
    ...(asked === '' ? {} : { command: asked }),
  });
  const entries = answer?.entries ?? [];
  const names = useNames();
  const kindOf = (entity: string): string => {
    const definition = entity === 'organization' ? undefined : entityOf(entity);
    return definition === undefined
      ? t(`platform.audit.kinds.${entity}`, { defaultValue: entity })
      : names.entity(definition);
  };
  return (
    <Section name="audit" error={error ?? organizations.error}>
      <div className={classes.row}>
        <Select
          label={t('platform.audit.organization')}
          placeholder={t('platform.audit.all')}
          data={(organizations.answer?.organizations ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          value={organization}
          clearable
          clearButtonProps={{ 'aria-label': t('platform.audit.all') }}
          w={240}
          onChange={setOrganization}
        />
        <TextInput
          label={t('platform.audit.command')}
          placeholder="signIn"
          value={command}
          w={220}
          onChange={(event) => setCommand(event.currentTarget.value)}
        />
      </div>
      {answer !== null && entries.length === 0 ? <p className={classes.muted}>{t('platform.audit.none')}</p> : null}
      <table className={classes.table}>
        <thead>
          <tr>
            <th>{t('platform.audit.at')}</th>
            <th>{t('platform.audit.organization')}</th>
            <th>{t('platform.audit.command')}</th>
            <th>{t('platform.audit.entity')}</th>
            <th>{t('platform.audit.actor')}</th>
            <th>{t('platform.audit.outcome')}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={`${entry.organization} ${String(entry.no)}`}>
              <td>{format.seconds(entry.at)}</td>
              <td>{entry.name}</td>
              <td>{t(`settings.audit.commands.${entry.command}`, { defaultValue: entry.command })}</td>
              <td>{kindOf(entry.entity)}</td>
              <td className={classes.muted}>{entry.actor ?? t('settings.audit.operator')}</td>
              <td>{t(`settings.audit.done.${entry.outcome}`, { defaultValue: entry.outcome })}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
