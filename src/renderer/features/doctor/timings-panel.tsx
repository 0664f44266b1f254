import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import type { Exchange, Timing } from '#shared/doctor/snapshot.ts';
import classes from './doctor.module.css';

/** How long exchanges take, and the last of them one by one. */
export function TimingsPanel(props: { readonly timings: readonly Timing[]; readonly exchanges: readonly Exchange[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Panel title={t('doctor.timings.title')} isFlush>
      {props.timings.length === 0 ? <p className={classes.nothing}>{t('doctor.timings.none')}</p> : null}
      {props.timings.length === 0 ? null : (
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t('doctor.timings.exchange')}</th>
              {(['count', 'p50', 'p95', 'last'] as const).map((column) => (
                <th key={column} scope="col" className="op-number">
                  {t(`doctor.timings.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {props.timings.map(({ kind, count, p50Ms, p95Ms, lastMs }) => (
              <tr key={kind} data-timing={kind}>
                <th scope="row">{t(`doctor.exchange.${kind}`)}</th>
                <td className="op-number">{format.number(count)}</td>
                <td className="op-number">{format.millis(p50Ms)}</td>
                <td className="op-number">{format.millis(p95Ms)}</td>
                <td className="op-number">{format.millis(lastMs)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {props.exchanges.length === 0 ? null : (
        <details className={classes.more}>
          <summary>{t('doctor.timings.exchanges')}</summary>
          <ul className={classes.lines}>
            {props.exchanges.map((exchange, index) => (
              // Two may begin within one millisecond: the place in the list is part of what tells them apart.
              <li key={`${exchange.at} ${exchange.kind} ${index}`}>
                <span className={classes.time}>{format.seconds(exchange.at)}</span>
                <span>{t(`doctor.exchange.${exchange.kind}`)}</span>
                <span className="op-muted">
                  {exchange.code === null
                    ? t('doctor.timings.records', { count: exchange.count })
                    : t(`errors.${exchange.code}`)}
                </span>
                <span className={classes.took}>{format.millis(exchange.tookMs)}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </Panel>
  );
}
