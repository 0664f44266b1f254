import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { ActorName, ChangeTable, Marks } from '#renderer/features/audit/entry-parts.tsx';
import type { EntriesShown } from '#renderer/features/audit/entry-table.tsx';
import { useAuditWords } from '#renderer/features/audit/use-audit-words.ts';
import { isDoneOutcome, type AuditLine } from '#shared/sync/audit-messages.ts';
import classes from './audit.module.css';

/** Entries by the day on which they happened where the user is, in their order. */
function byDay(
  entries: readonly AuditLine[],
  dayOf: (instant: string) => string,
): readonly (readonly [string, readonly AuditLine[]])[] {
  const days = new Map<string, AuditLine[]>();
  for (const line of entries) {
    const day = dayOf(line.at);
    const known = days.get(day);
    if (known === undefined) days.set(day, [line]);
    else known.push(line);
  }
  return [...days];
}

/** Entries as a story, newest first, each with what it changed. */
export function EntryTimeline({ entries, onSelect }: EntriesShown) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useAuditWords();
  return byDay(entries, (at) => format.day(at.slice(0, 10))).map(([day, lines]) => (
    <section key={day} aria-label={day}>
      <h2 className={classes.day}>{day}</h2>
      <ul className={classes.line}>
        {lines.map((line) => (
          <li
            key={line.no}
            className={classes.event}
            data-no={line.no}
            data-refused={isDoneOutcome(line.outcome) ? undefined : ''}
          >
            <div>
              <button type="button" className={classes.link2} onClick={() => onSelect(line.no)}>
                {words.command(line.command)}
              </button>{' '}
              {words.entity(line.entity)} {words.title(line)} <Marks line={line} />
            </div>
            <div className={classes.when}>
              <ActorName line={line} /> · {format.instant(line.at)} · {words.outcome(line.outcome)}
              {line.detail?.['address'] === undefined ? null : ` · ${line.detail['address']}`}
            </div>
            {line.changes === null ? null : (
              <details>
                <summary>{t('audit.entries.diff')}</summary>
                <ChangeTable line={line} />
              </details>
            )}
          </li>
        ))}
      </ul>
    </section>
  ));
}
