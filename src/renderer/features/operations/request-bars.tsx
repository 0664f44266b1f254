import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import type { MonitoringStats } from '#shared/sync/monitoring-messages.ts';
import classes from './operations.module.css';

const HEIGHT = 100;
/** As the server spaces them. */
const POINTS = 48;
const STEP_MS = 300_000;
const HOUR_MS = 3_600_000;

/** Requests over time as bars, the share of errors at their foot; the same as a table for whoever cannot see them. */
export function RequestBars(props: { readonly series: MonitoringStats['series']; readonly hours: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { series } = props;
  const most = Math.max(1, ...series.map(({ requests }) => requests));
  const last = series.at(-1);
  if (last === undefined) return <p className={classes.empty}>{t('operations.api.none')}</p>;
  const untilMs = Date.parse(last.at);
  const stepMs = Math.max(STEP_MS, (props.hours * HOUR_MS) / POINTS);
  const fromMs = untilMs - (POINTS - 1) * stepMs;
  const from = new Date(fromMs).toISOString();
  const sum = series.reduce((total, { requests }) => total + requests, 0);
  return (
    <>
      <svg
        className={classes.bars}
        viewBox={`0 0 ${String(POINTS)} ${String(HEIGHT)}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t('operations.api.barsLabel', { requests: sum, from: format.instant(from) })}
      >
        {series.map(({ at, requests, errors }) => {
          const place = (Date.parse(at) - fromMs) / stepMs;
          const high = (requests / most) * HEIGHT;
          const wrong = (errors / most) * HEIGHT;
          return (
            <g key={at}>
              <title>{t('operations.api.bar', { at: format.instant(at), requests, errors })}</title>
              <rect x={place + 0.1} width={0.8} y={HEIGHT - high} height={high} />
              {errors === 0 ? null : (
                <rect x={place + 0.1} width={0.8} y={HEIGHT - wrong} height={wrong} data-error="true" />
              )}
            </g>
          );
        })}
      </svg>
      <p className={classes.axis} aria-hidden="true">
        <span>{format.instant(from)}</span>
        <span>{format.instant(last.at)}</span>
      </p>
    </>
  );
}
