import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { ActorName, Marks } from '#renderer/features/audit/entry-parts.tsx';
import { useAuditWords } from '#renderer/features/audit/use-audit-words.ts';
import { isDoneOutcome, type AuditLine } from '#shared/sync/audit-messages.ts';
import classes from './audit.module.css';

const columns = ['no', 'at', 'actor', 'what', 'entity', 'name', 'changedFields', 'outcome', 'address'] as const;

export interface EntriesShown {
  readonly entries: readonly AuditLine[];
  readonly selected: number | null;
  readonly onSelect: (no: number) => void;
}

/** Entries as a table; the number of one opens it. */
export function EntryTable({ entries, selected, onSelect }: EntriesShown) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useAuditWords();
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              {t(`audit.columns.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {entries.map((line) => (
          <tr key={line.no} data-no={line.no} aria-selected={line.no === selected}>
            <td>
              <button
                type="button"
                className={classes.link2}
                aria-label={t('audit.entries.entry', { no: line.no })}
                onClick={() => onSelect(line.no)}
              >
                {line.no}
              </button>
            </td>
            <td className={classes.nowrap}>{format.instant(line.at)}</td>
            <td>
              <ActorName line={line} />
            </td>
            <td>
              {words.command(line.command)} <Marks line={line} />
            </td>
            <td>{words.entity(line.entity)}</td>
            <td className={line.name === null ? 'op-muted' : undefined}>{words.title(line)}</td>
            <td className={classes.fields}>{words.fields(line)}</td>
            <td data-refused={isDoneOutcome(line.outcome) ? undefined : ''}>{words.outcome(line.outcome)}</td>
            <td>{[line.detail?.['address'], line.detail?.['deviceName']].filter(Boolean).join(' · ')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
