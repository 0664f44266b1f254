import { UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { pathOfRecord } from '#renderer/blocks/record-paths.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { keyOf, useTitles, type Place } from '#renderer/blocks/use-titles.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import { Pill, type PillTone } from '#renderer/ui/pill.tsx';
import { entityOf } from '#shared/entities/registry.ts';
import type { PendingRecord, PendingState } from '#shared/doctor/snapshot.ts';
import classes from './doctor.module.css';

const tones: Readonly<Record<PendingState, PillTone>> = {
  waiting: 'neutral',
  sending: 'accent',
  retrying: 'warn',
  answered: 'good',
  refused: 'danger',
};

const placeOf = ({ entity, recordId }: PendingRecord): Place => ({
  coll: entityOf(entity)?.collection ?? '',
  id: recordId,
});

/** Unsent work, record by record, each with the way to it. */
export function PendingPanel(props: { readonly pending: readonly PendingRecord[]; readonly total: number }) {
  const { t } = useTranslation();
  const { pending, total } = props;
  const titles = useTitles(pending.map(placeOf));
  return (
    <Panel title={t('doctor.pending.title', { count: total })} isFlush>
      {total === 0 ? <p className={classes.nothing}>{t('doctor.pending.none')}</p> : null}
      {total === 0 ? null : (
        <div className={classes.scroll}>
          <table className={classes.table}>
            <thead>
              <tr>
                {(['record', 'what', 'state', 'since', 'lastTry'] as const).map((column) => (
                  <th key={column} scope="col">
                    {t(`doctor.pending.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {pending.map((record) => (
                <PendingRow
                  key={`${record.entity}/${record.recordId}`}
                  record={record}
                  title={titles.get(keyOf(placeOf(record)))?.title ?? null}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {total > pending.length ? (
        <p className={classes.nothing}>{t('doctor.pending.more', { count: total - pending.length })}</p>
      ) : null}
    </Panel>
  );
}

function PendingRow(props: { readonly record: PendingRecord; readonly title: string | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useNames();
  const { record, title } = props;
  const definition = entityOf(record.entity);
  const kind = definition === undefined ? record.entity : names.entity(definition);
  // A refused change waits in the inbox; everything else is looked at where it was made.
  const path =
    record.state === 'refused'
      ? '/attention'
      : definition === undefined || title === null
        ? null
        : pathOfRecord(definition.name, record.recordId);
  const what = record.kinds.map((name) => t(`doctor.kind.${name}`, { defaultValue: name }));
  const fields = definition === undefined ? [] : record.fields.map((field) => names.field(definition, field));
  return (
    <tr data-pending={record.recordId} data-state={record.state}>
      <td>
        {path === null ? (
          (title ?? kind)
        ) : (
          <UnstyledButton
            className={classes.link}
            onClick={() => void invokeMain(getBridge(), 'window.showRecord', { path })}
          >
            {title ?? kind}
          </UnstyledButton>
        )}
        <span className={classes.below}>{kind}</span>
      </td>
      <td>
        {what.join(', ')}
        <span className={classes.below}>{fields.join(', ')}</span>
      </td>
      <td>
        <Pill tone={tones[record.state]} title={t(`doctor.state.${record.state}Hint`)}>
          {t(`doctor.state.${record.state}`)}
        </Pill>
      </td>
      <td>{format.instant(record.since)}</td>
      <td>
        {record.lastTryAt === null ? t('doctor.notYet') : format.seconds(record.lastTryAt)}
        {record.reason === null ? null : (
          <span className={classes.below}>
            {record.state === 'refused'
              ? t(`attention.reason.${record.reason}`, { defaultValue: record.reason })
              : t(`errors.${record.reason}`, { defaultValue: record.reason })}
          </span>
        )}
      </td>
    </tr>
  );
}
