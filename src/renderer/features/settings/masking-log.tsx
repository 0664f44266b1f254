import { useCallback, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { RecordName } from '#renderer/blocks/record-name.tsx';
import { ServerProblem } from '#renderer/blocks/server-problem.tsx';
import { useServerRead } from '#renderer/blocks/use-server-read.ts';
import { useFieldRules } from '#renderer/blocks/use-field-rules.ts';
import { useRoleName } from '#renderer/blocks/use-role-name.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { entityOf } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { MaskingAudit } from '#shared/sync/messages.ts';
import classes from './settings.module.css';

/** Who revealed which masked value, and who changed roles and field rules; read from the server. */
export function MaskingLog() {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useNames();
  const roleName = useRoleName();
  const rules = useFieldRules();
  const [entries, setEntries] = useState<MaskingAudit['entries'] | null>(null);
  const read = useCallback(
    () => invokeMain(getBridge(), 'fields.audit', {}).then((audit) => setEntries(audit.entries)),
    [],
  );
  const { problem } = useServerRead(read);
  if (entries === null) return <ServerProblem problem={problem} />;
  if (entries.length === 0) return <p className="op-muted">{t('settings.fields.logEmpty')}</p>;
  const about = (entry: MaskingAudit['entries'][number]): ReactNode => {
    const definition = entityOf(entry.entity);
    if (entry.command === 'revealField' && definition !== undefined) {
      const fields = entry.groups.map((field) => names.field(definition, field)).join(', ');
      return (
        <>
          {fields} · <RecordName entity={definition.name} id={entry.id} />
        </>
      );
    }
    if (entry.entity === 'dataExport') return <RecordName entity="dataExport" id={entry.id} />;
    if (entry.entity === 'role') return rules?.nameOf(entry.id).roleName ?? t('settings.fields.logGone');
    const rule = [...(rules?.fieldRules ?? []), ...(rules?.piiRules ?? [])].find(({ id }) => id === entry.id);
    const governed = rule === undefined ? undefined : entityOf(textOf(rule['entity']));
    if (rule === undefined) return t('settings.fields.logGone');
    if (governed === undefined) return t('settings.fields.standard');
    const role = textOf(rule['role']);
    return [
      names.entities(governed),
      names.field(governed, textOf(rule['field'])),
      ...(role === '' ? [] : [roleName({ role, ...rules?.nameOf(role) })]),
    ].join(' · ');
  };
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          {(['when', 'who', 'what', 'record', 'about', 'outcome'] as const).map((column) => (
            <th key={column} scope="col">
              {t(`settings.fields.logColumns.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {entries.map((entry, index) => {
          const definition = entityOf(entry.entity);
          return (
            <tr key={`${entry.at} ${String(index)}`}>
              <td>{format.instant(entry.at)}</td>
              <td>{entry.actor === null ? '' : <RecordName entity="user" id={entry.actor} />}</td>
              <td>{t(`settings.fields.logCommands.${entry.command}`, { defaultValue: entry.command })}</td>
              <td>{definition === undefined ? entry.entity : names.entity(definition)}</td>
              <td>{about(entry)}</td>
              <td>{t(`settings.fields.logOutcomes.${entry.outcome}`, { defaultValue: entry.outcome })}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
