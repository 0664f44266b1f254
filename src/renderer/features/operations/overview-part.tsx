import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useFormat } from '#renderer/app/format/format.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { getBridge } from '#renderer/data/bridge.ts';
import { AlertLine } from '#renderer/features/operations/alert-line.tsx';
import { Part, Tile } from '#renderer/features/operations/part.tsx';
import { RequestBars } from '#renderer/features/operations/request-bars.tsx';
import { usePolled } from '#renderer/blocks/use-polled.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import classes from './operations.module.css';

const SHOWN_ALERTS = 5;

/** Whether all is well, at a glance. */
export function OverviewPart() {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const stats = usePolled('operations.stats', { hours: 24, limit: 5 });
  const jobs = usePolled('operations.jobs', {});
  const alerts = usePolled('operations.alerts', {}, 15_000);
  const people = useLive('list', {
    entity: 'user',
    sort: [{ field: 'name', direction: 'asc' }],
    offset: 0,
    limit: 500,
  });
  const total = stats.data?.total;
  const active = (people.data?.rows ?? []).filter((user) => user['isActive'] !== false).length;
  const open = alerts.data?.alerts.filter(({ endedAt }) => endedAt === null) ?? [];
  const counts = jobs.data?.queues.map((queue) => queue.counts) ?? [];
  const failed = counts.reduce((sum, count) => sum + (count.failed ?? 0), 0);
  const waiting = counts.reduce((sum, count) => sum + (count.waiting ?? 0) + (count.active ?? 0), 0);
  return (
    <Part
      name="overview"
      error={stats.error ?? jobs.error ?? alerts.error}
      hasAnswer={stats.data !== null}
      actions={
        <Button
          variant="default"
          size="xs"
          onClick={() => void getBridge().invoke('window.openSettings', { section: 'audit' })}
        >
          {t('operations.openAudit')}
        </Button>
      }
    >
      <dl className={classes.tiles}>
        <Tile name={t('operations.overview.alerts')} {...(open.length === 0 ? {} : { tone: 'danger' as const })}>
          {alerts.data === null ? '–' : format.number(open.length)}
        </Tile>
        <Tile name={t('operations.overview.requests')}>
          {total === undefined ? '–' : format.number(total.requests)}
        </Tile>
        <Tile
          name={t('operations.overview.errorRate')}
          {...((total?.errors ?? 0) > 0 ? { tone: 'warn' as const } : {})}
        >
          {total === undefined ? '–' : format.percent(Math.round(total.errorRate * 10_000) / 100)}
        </Tile>
        <Tile name={t('operations.overview.p95')}>{total === undefined ? '–' : format.millis(total.p95Ms)}</Tile>
        <Tile name={t('operations.overview.users')}>{format.number(active)}</Tile>
        <Tile
          name={t('operations.overview.jobs')}
          {...(failed > 0 ? { tone: 'warn' as const } : {})}
          note={t('operations.overview.failed', { count: failed })}
        >
          {jobs.data === null ? '–' : format.number(waiting)}
        </Tile>
      </dl>
      <div className={classes.stack}>
        <Panel title={t('operations.overview.day')}>
          <RequestBars series={stats.data?.series ?? []} hours={24} />
        </Panel>
        <Panel
          title={t('operations.overview.open')}
          isFlush
          actions={
            <Button variant="subtle" size="compact-xs" onClick={() => void navigate('/operations/alerts')}>
              {t('operations.parts.alerts')}
            </Button>
          }
        >
          {open.length === 0 ? <p className={classes.empty}>{t('operations.alerts.allWell')}</p> : null}
          {open.length === 0 ? null : (
            <ul className={classes.checks}>
              {open.slice(0, SHOWN_ALERTS).map((alert) => (
                <AlertLine key={alert.id} alert={alert} />
              ))}
            </ul>
          )}
        </Panel>
      </div>
    </Part>
  );
}
