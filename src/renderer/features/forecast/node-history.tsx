import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { ExportButton } from '#renderer/blocks/export/export-button.tsx';
import { useSubmissionOffer } from '#renderer/features/forecast/use-forecast-offer.ts';
import { PendingMark } from '#renderer/blocks/pending-mark.tsx';
import type {
  ForecastDetail,
  ForecastQuery,
  ForecastRow,
  ShownSubmission,
} from '#shared/analytics/forecast/forecast-contract.ts';
import type { ForecastViewState } from '#renderer/features/forecast/use-forecast-view.ts';
import { checkpointNames } from '#shared/analytics/forecast-accuracy.ts';
import classes from './forecast.module.css';

function SubmissionExport(props: {
  readonly submission: ShownSubmission;
  readonly query: ForecastQuery;
  readonly nodeKey: string;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { submission, query, nodeKey } = props;
  const offer = useSubmissionOffer(submission, query, nodeKey);
  const label = t('forecast.export.submission', { name: submission.byName, when: format.instant(submission.at) });
  return <ExportButton offer={offer} label={label} size="xs" />;
}

/** What was submitted for this period, how past ones came true, and every number that was put in place. */
export function NodeHistory(props: {
  readonly detail: ForecastDetail;
  readonly row: ForecastRow;
  readonly state: ForecastViewState;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { detail } = props;
  const percent = (share: number | null): string => (share === null ? '–' : format.percent(Math.round(share * 100)));
  return (
    <section className={classes.history} aria-label={t('forecast.detail.history')}>
      <h3>{t('forecast.detail.submitted')}</h3>
      {detail.submissions.length === 0 ? <p className="op-muted">{t('forecast.detail.notSubmitted')}</p> : null}
      <ul className={classes.entries}>
        {detail.submissions.map((submission) => (
          <li key={submission.id} data-submission={submission.id}>
            <span>
              {t('forecast.detail.submission', {
                name: submission.byName,
                when: format.instant(submission.at),
                commit: format.money(submission.commit, submission.currency),
                count: submission.dealCount,
              })}
            </span>{' '}
            <PendingMark pending={submission.isPending ? [submission.id] : []} />
            <SubmissionExport submission={submission} query={props.state.query} nodeKey={props.row.key} />
            {submission.note === null ? null : <q className={classes.note}>{submission.note}</q>}
          </li>
        ))}
      </ul>
      {detail.past.length === 0 ? null : (
        <>
          <h3>{t('forecast.detail.pastAccuracy')}</h3>
          <table className={classes.past}>
            <thead>
              <tr>
                <th scope="col">{t('forecast.periodKind')}</th>
                <th scope="col">{t('forecast.columns.single.closed')}</th>
                {checkpointNames.map((name) => (
                  <th key={name} scope="col" title={t(`forecast.checkpointHints.${name}`)}>
                    {t(`forecast.checkpoints.${name}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {detail.past.map(({ period, actual, accuracy }) => (
                <tr key={period.start + period.end}>
                  <th scope="row">
                    {format.day(period.start)} – {format.day(period.end)}
                  </th>
                  <td>{format.money(actual, detail.currency, 'short')}</td>
                  {checkpointNames.map((name) => (
                    <td key={name}>{percent(accuracy[name])}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      {detail.adjustments.length === 0 ? null : (
        <>
          <h3>{t('forecast.detail.adjustments')}</h3>
          <ul className={classes.entries}>
            {detail.adjustments.map((adjustment) => (
              <li key={adjustment.id} data-held={adjustment.isHeld}>
                {t('forecast.detail.adjustment', {
                  name: adjustment.byName,
                  column: t(`forecast.columns.${props.state.view.columnMode}.${adjustment.category}`),
                  value: format.money(adjustment.value, detail.currency),
                  base: format.money(adjustment.baseValue, detail.currency),
                  when: format.instant(adjustment.at),
                })}{' '}
                <PendingMark pending={adjustment.isPending ? [adjustment.id] : []} />
                {adjustment.note === null ? null : <q className={classes.note}>{adjustment.note}</q>}
                {adjustment.isHeld ? null : <span className="op-muted"> {t('forecast.detail.replaced')}</span>}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
