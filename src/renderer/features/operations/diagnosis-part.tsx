// One page for the question why something does not work: every part of the server, what is wrong with it, and what to do next.
import { Alert, Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { getBridge } from '#renderer/data/bridge.ts';
import { Part } from '#renderer/features/operations/part.tsx';
import { usePolled } from '#renderer/blocks/use-polled.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import { Pill, type PillTone } from '#renderer/ui/pill.tsx';
import type { DiagnosisCheck } from '#shared/sync/diagnosis-messages.ts';
import classes from './operations.module.css';

const tones: Readonly<Record<DiagnosisCheck['status'], PillTone>> = {
  ok: 'good',
  warning: 'warn',
  failed: 'danger',
  off: 'neutral',
};
const order: readonly DiagnosisCheck['status'][] = ['failed', 'warning', 'ok', 'off'];
const LOOK_MS = 15_000;

export function DiagnosisPart() {
  const { t } = useTranslation();
  const format = useFormat();
  const { data, error, refresh } = usePolled('operations.diagnosis', {}, LOOK_MS);
  const checks = order.flatMap((status) => data?.checks.filter((one) => one.status === status) ?? []);
  const worst = checks[0]?.status;
  const parts = checks.filter(({ status }) => status === worst).map(({ part }) => t(`operations.diagnosed.${part}`));
  return (
    <Part
      name="diagnosis"
      error={error}
      hasAnswer={data !== null}
      actions={
        <>
          <Button size="xs" variant="default" onClick={refresh}>
            {t('operations.diagnosis.again')}
          </Button>
          <Button size="xs" variant="default" onClick={() => void getBridge().invoke('window.openDoctor', {})}>
            {t('sync.openDoctor')}
          </Button>
        </>
      }
    >
      {error !== null && data === null ? <p>{t('operations.diagnosis.unreachable')}</p> : null}
      {data === null ? null : (
        <div className={classes.stack}>
          <Alert
            color={worst === 'failed' ? 'red' : worst === 'warning' ? 'yellow' : 'green'}
            role="status"
            data-testid="verdict"
          >
            {worst === 'failed' || worst === 'warning'
              ? t(`operations.diagnosis.${worst}`, { parts: parts.join(', ') })
              : t('operations.diagnosis.well')}
          </Alert>
          <Panel isFlush title={t('operations.diagnosis.title')}>
            <ul className={classes.checks}>
              {checks.map((one) => (
                <Check key={one.part} check={one} />
              ))}
            </ul>
          </Panel>
          <p className="op-muted">
            {t('operations.diagnosis.asOf', {
              service: data.serviceName,
              version: data.version,
              engine: data.engine,
              hours: format.number(Math.round(data.uptime / 360) / 10),
              at: format.seconds(data.at),
            })}
          </p>
        </div>
      )}
    </Part>
  );
}

function Check(props: { readonly check: DiagnosisCheck }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { part, status, code, facts } = props.check;
  const shown = Object.fromEntries(
    Object.entries(facts).map(([name, value]) => {
      if (name === 'at' || name === 'next') return [name, format.instant(String(value))];
      return [name, typeof value === 'number' ? format.number(value) : value];
    }),
  );
  const isWrong = status === 'warning' || status === 'failed' || status === 'off';
  return (
    <li data-part={part} data-status={status} data-code={code}>
      <span>{t(`operations.diagnosed.${part}`)}</span>
      <span>
        <Pill tone={tones[status]}>{t(`operations.checkStatus.${status}`)}</Pill>
      </span>
      <div data-selectable>
        <p>{t(`operations.checks.${part}.${code}.text`, shown)}</p>
        {isWrong ? <p className={classes.next}>{t(`operations.checks.${part}.${code}.next`, shown)}</p> : null}
      </div>
    </li>
  );
}
