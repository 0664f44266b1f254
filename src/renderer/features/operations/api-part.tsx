import { Select } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { RecordName } from '#renderer/blocks/record-name.tsx';
import { Part, Tile } from '#renderer/features/operations/part.tsx';
import { Scroll } from '#renderer/ui/scroll.tsx';
import { RequestBars } from '#renderer/features/operations/request-bars.tsx';
import { usePolled } from '#renderer/blocks/use-polled.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import type { EndpointFigures, MonitoringErrors, RequestFigures } from '#shared/sync/monitoring-messages.ts';
import classes from './operations.module.css';

const spans = [1, 24, 168, 720] as const;
const columns = ['requests', 'errors', 'refused', 'averageMs', 'p95Ms', 'minMs', 'maxMs'] as const;

/** How requests are answered: which, how fast, what went wrong, for whom. */
export function ApiPart() {
  const { t } = useTranslation();
  const format = useFormat();
  const [hours, setHours] = useState<number>(24);
  const stats = usePolled('operations.stats', { hours, limit: 25 });
  const errors = usePolled('operations.errors', { hours, limit: 50 });
  const total = stats.data?.total;
  const choose = (
    <Select
      size="xs"
      aria-label={t('operations.api.span')}
      value={String(hours)}
      onChange={(value) => setHours(Number(value ?? 24))}
      allowDeselect={false}
      data={spans.map((value) => ({ value: String(value), label: t(`operations.api.spans.${String(value)}`) }))}
    />
  );
  return (
    <Part name="api" error={stats.error ?? errors.error} hasAnswer={stats.data !== null} actions={choose}>
      {total === undefined || stats.data === null ? null : (
        <div className={classes.stack}>
          <dl className={classes.tiles}>
            <Tile name={t('operations.api.requests')}>{format.number(total.requests)}</Tile>
            <Tile name={t('operations.api.averageMs')}>{format.millis(total.averageMs)}</Tile>
            <Tile name={t('operations.api.p95Ms')}>{format.millis(total.p95Ms)}</Tile>
            <Tile name={t('operations.api.errors')} {...(total.errors > 0 ? { tone: 'danger' as const } : {})}>
              {format.number(total.errors)}
            </Tile>
            <Tile name={t('operations.api.refused')} note={t('operations.api.limited', { count: total.limited })}>
              {format.number(total.refused)}
            </Tile>
          </dl>
          <Panel title={t('operations.api.overTime')}>
            <RequestBars series={stats.data.series} hours={hours} />
          </Panel>
          <Endpoints endpoints={stats.data.endpoints} />
          <Failures errors={errors.data} />
        </div>
      )}
    </Part>
  );
}

function Endpoints(props: { readonly endpoints: readonly EndpointFigures[] }) {
  const { t } = useTranslation();
  return (
    <Panel title={t('operations.api.endpoints')} isFlush>
      <Scroll>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t('operations.api.endpoint')}</th>
              <FigureHeads />
            </tr>
          </thead>
          <tbody>
            {props.endpoints.map((row) => (
              <tr key={`${row.method} ${row.endpoint}`}>
                <th scope="row">
                  <code>
                    {row.method} {row.endpoint}
                  </code>
                </th>
                <Figures row={row} />
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </Panel>
  );
}

export function FigureHeads() {
  const { t } = useTranslation();
  return columns.map((column) => (
    <th key={column} scope="col" className="op-number">
      {t(`operations.api.${column}`)}
    </th>
  ));
}

/** Without requests there is no time that they took. */
export function Figures({ row }: { readonly row: RequestFigures | undefined }) {
  const format = useFormat();
  return columns.map((column) => {
    const value = row?.[column] ?? 0;
    const time = row === undefined || row.requests === 0 ? '–' : format.millis(value);
    return (
      <td key={column} className="op-number">
        {column.endsWith('Ms') ? time : format.number(value)}
      </td>
    );
  });
}

function Failures(props: { readonly errors: MonitoringErrors | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const recent = props.errors?.recent ?? [];
  return (
    <Panel title={t('operations.api.failures')} isFlush>
      {recent.length === 0 ? <p className={classes.empty}>{t('operations.api.noFailures')}</p> : null}
      {recent.length === 0 ? null : (
        <Scroll>
          <table className={classes.table}>
            <thead>
              <tr>
                {(['at', 'endpoint', 'status', 'code', 'who', 'correlationId'] as const).map((column) => (
                  <th key={column} scope="col">
                    {t(`operations.api.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {recent.map((row) => (
                <tr key={`${row.at} ${row.correlationId}`}>
                  <td>{format.seconds(row.at)}</td>
                  <td>
                    <code>
                      {row.method} {row.endpoint}
                    </code>
                  </td>
                  <td>{row.status}</td>
                  <td>
                    <code>{row.code}</code>
                  </td>
                  <td>{row.userId === null ? '' : <RecordName entity="user" id={row.userId} />}</td>
                  <td data-selectable>
                    <code>{row.correlationId}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </Panel>
  );
}
