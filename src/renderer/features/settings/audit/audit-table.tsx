import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { RecordName } from '#renderer/blocks/record-name.tsx';
import { useAuditWords } from '#renderer/features/settings/audit/use-audit-words.ts';
import { entityOf } from '#shared/entities/registry.ts';
import { DONE_OUTCOMES, type AuditLine } from '#shared/sync/audit-messages.ts';
import classes from '../settings.module.css';

const columns = ['no', 'when', 'who', 'what', 'record', 'about', 'fields', 'outcome', 'address'] as const;

/** Entries as a table. Records are named by what this computer holds of them. */
export function AuditTable(props: { readonly entries: readonly AuditLine[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useAuditWords();
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              {t(`settings.audit.columns.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {props.entries.map((line) => {
          const definition = entityOf(line.entity);
          const isDone = DONE_OUTCOMES.some((known) => known === line.outcome);
          return (
            <tr key={line.no} data-no={line.no}>
              <td className={classes.number}>{line.no}</td>
              <td className={classes.nowrap}>{format.instant(line.at)}</td>
              <td>
                {line.actor === null ? t('settings.audit.operator') : <RecordName entity="user" id={line.actor} />}
              </td>
              <td>{words.command(line.command)}</td>
              <td>{words.entity(line.entity)}</td>
              <td>{definition === undefined ? '' : <RecordName entity={definition.name} id={line.id} />}</td>
              <td>{words.fields(line)}</td>
              <td data-refused={isDone ? undefined : ''}>{words.outcome(line.outcome)}</td>
              <td>{[line.detail?.['address'], line.detail?.['deviceName']].filter(Boolean).join(' · ')}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
