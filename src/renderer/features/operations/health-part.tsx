import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { Part, Tile } from '#renderer/features/operations/part.tsx';
import { usePolled } from '#renderer/blocks/use-polled.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import { Pill, type PillTone } from '#renderer/ui/pill.tsx';
import type { PartStatus } from '#shared/sync/health-messages.ts';
import classes from './operations.module.css';

const tones: Readonly<Record<PartStatus, PillTone>> = {
  healthy: 'good',
  warning: 'warn',
  unhealthy: 'danger',
  not_configured: 'neutral',
};

function toneOf(status: PartStatus) {
  return status === 'unhealthy' ? { tone: 'danger' as const } : status === 'warning' ? { tone: 'warn' as const } : {};
}

/** The machine and the services of the server. */
export function HealthPart() {
  const { t } = useTranslation();
  const format = useFormat();
  const { data, error } = usePolled('operations.health', {});
  const gigabytes = (value: number): string => t('operations.health.gigabytes', { value: format.number(value) });
  const state = (status: PartStatus) => <Pill tone={tones[status]}>{t(`operations.status.${status}`)}</Pill>;
  return (
    <Part name="health" error={error} hasAnswer={data !== null} actions={data === null ? null : state(data.status)}>
      {data === null ? null : (
        <div className={classes.stack}>
          <dl className={classes.tiles}>
            <Tile name={t('operations.metrics.processor')}>{format.percent(data.system.cpu_percent)}</Tile>
            <Tile
              name={t('operations.metrics.memory')}
              {...toneOf(data.system.memory.status)}
              note={t('operations.health.free', {
                free: gigabytes(data.system.memory.available_gb),
                total: gigabytes(data.system.memory.total_gb),
              })}
            >
              {format.percent(data.system.memory.used_percent)}
            </Tile>
            <Tile
              name={t('operations.metrics.disk')}
              {...toneOf(data.system.disk.status)}
              note={t('operations.health.free', {
                free: gigabytes(data.system.disk.free_gb),
                total: gigabytes(data.system.disk.total_gb),
              })}
            >
              {format.percent(data.system.disk.used_percent)}
            </Tile>
          </dl>
          <Panel title={t('operations.health.services')} isFlush>
            <ul className={classes.checks}>
              {(['database', 'email', 'redis'] as const).map((service) => (
                <li key={service} data-service={service}>
                  <span>{t(`operations.services.${service}`)}</span>
                  <span>{state(data.services[service].status)}</span>
                  <p className="op-muted">{t(`operations.health.${service}.${data.services[service].status}`)}</p>
                </li>
              ))}
            </ul>
          </Panel>
          <p className="op-muted">
            {t('operations.health.asOf', { service: data.service, at: format.seconds(data.timestamp) })}
          </p>
        </div>
      )}
    </Part>
  );
}
