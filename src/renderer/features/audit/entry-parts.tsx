// Pieces of an entry that the table, the timeline and the details show alike.
import { useTranslation } from 'react-i18next';
import { useAuditWords } from '#renderer/features/audit/use-audit-words.ts';
import { ValueText } from '#renderer/features/audit/value-text.tsx';
import { Pill } from '#renderer/ui/pill.tsx';
import type { AuditLine } from '#shared/sync/audit-messages.ts';
import classes from './audit.module.css';

interface OfLine {
  readonly line: AuditLine;
}

export function ActorName({ line }: OfLine) {
  const { t } = useTranslation();
  if (line.actor === null) return t('audit.operator');
  return line.actorName ?? line.actor;
}

export function Marks({ line }: OfLine) {
  const { t } = useTranslation();
  const { isSensitive, review } = line;
  const isOpen = review !== null && review.reviewedAt === null;
  return (
    <span className={classes.marks}>
      {isSensitive ? <Pill tone="warn">{t('audit.entries.sensitive')}</Pill> : null}
      {isOpen ? <Pill tone="accent">{t('audit.entries.toReview')}</Pill> : null}
      {review !== null && !isOpen ? <Pill tone="good">{t('audit.entries.reviewed')}</Pill> : null}
    </span>
  );
}

/** Field by field what it was and what it is. */
export function ChangeTable({ line }: OfLine) {
  const { t } = useTranslation();
  const words = useAuditWords();
  if (line.changes === null)
    return <p className={classes.lead}>{t(line.isWithheld ? 'audit.entries.withheld' : 'audit.entries.noChanges')}</p>;
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">{t('audit.entries.field')}</th>
          <th scope="col">{t('audit.entries.before')}</th>
          <th scope="col">{t('audit.entries.after')}</th>
        </tr>
      </thead>
      <tbody>
        {line.changes.map((change) => (
          <tr key={change.field}>
            <th scope="row">{words.field(line.entity, change.field)}</th>
            <td className={change.before === null ? undefined : classes.before}>
              <ValueText line={line} change={change} which="before" />
            </td>
            <td className={change.after === null ? undefined : classes.after}>
              <ValueText line={line} change={change} which="after" />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
