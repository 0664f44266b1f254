// Does this computer hold what the server says it should? Comparing changes nothing; mending makes it so and leaves unsent
// work alone.
import { Alert, Button, Progress } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { FindingList } from '#renderer/features/doctor/finding-list.tsx';
import { Panel } from '#renderer/ui/panel.tsx';
import type { ConnectionState, Repair, Verification } from '#shared/doctor/snapshot.ts';
import classes from './doctor.module.css';

interface Outcome {
  readonly verification: Verification | null;
  readonly repair: Repair | null;
  readonly error: string | null;
}
const nothing: Outcome = { verification: null, repair: null, error: null };

function useProgress(): number {
  const [percent, setPercent] = useState(0);
  useEffect(
    () =>
      getBridge().on('doctor.progress', ({ done, total }) => {
        setPercent(total === 0 ? 100 : Math.min(100, Math.floor((done / total) * 100)));
      }),
    [],
  );
  return percent;
}

export function CheckPanel(props: { readonly connection: ConnectionState }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [running, setRunning] = useState<'verify' | 'repair' | null>(null);
  const [outcome, setOutcome] = useState<Outcome>(nothing);
  const percent = useProgress();
  const { phase, workOffline } = props.connection;
  const isOffline = workOffline || phase === 'offline';
  const isReady = !isOffline && phase !== 'blocked' && running === null;

  async function run(what: 'verify' | 'repair'): Promise<void> {
    setRunning(what);
    setOutcome(nothing);
    try {
      if (what === 'verify') {
        setOutcome({ ...nothing, verification: await invokeMain(getBridge(), 'doctor.verify', {}) });
      } else {
        const repair = await invokeMain(getBridge(), 'doctor.repair', {});
        setOutcome({ ...nothing, repair, verification: repair.after });
      }
    } catch (failure) {
      setOutcome({ ...nothing, error: errorText(failure) });
    } finally {
      setRunning(null);
    }
  }

  return (
    <Panel title={t('doctor.check.title')}>
      <p className={classes.lead}>{t('doctor.check.text')}</p>
      <div className={classes.buttons}>
        <Button onClick={() => void run('verify')} disabled={!isReady} loading={running === 'verify'}>
          {t('doctor.check.verify')}
        </Button>
        <Button variant="default" onClick={() => void run('repair')} disabled={!isReady} loading={running === 'repair'}>
          {t('doctor.check.repair')}
        </Button>
        {isOffline ? <span className="op-muted">{t('doctor.check.offline')}</span> : null}
      </div>
      {running === null ? null : <Progress value={percent} mt="sm" size="sm" aria-label={t('doctor.check.progress')} />}
      <div role="status" data-testid="doctor-outcome">
        {outcome.error === null ? null : (
          <Alert color="yellow" mt="sm">
            {outcome.error}
          </Alert>
        )}
        {outcome.repair === null ? null : <RepairText repair={outcome.repair} />}
        {outcome.verification === null ? null : <VerificationText verification={outcome.verification} />}
      </div>
      {outcome.verification === null ? null : <FindingList findings={outcome.verification.findings} />}
    </Panel>
  );
}

function RepairText(props: { readonly repair: Repair }) {
  const { t } = useTranslation();
  const { fetched, replaced, removed, unsentBefore, unsentAfter } = props.repair;
  const parts = [
    fetched > 0 ? t('doctor.check.fetched', { count: fetched }) : '',
    replaced > 0 ? t('doctor.check.replaced', { count: replaced }) : '',
    removed > 0 ? t('doctor.check.removed', { count: removed }) : '',
  ].filter((part) => part !== '');
  return (
    <p className={classes.outcome} data-testid="doctor-repair">
      {parts.length === 0 ? t('doctor.check.nothingToDo') : parts.join(' ')}{' '}
      {unsentBefore === 0
        ? ''
        : unsentAfter === unsentBefore
          ? t('doctor.check.unsentKept', { count: unsentBefore })
          : t('doctor.check.unsentSent', { count: unsentBefore - unsentAfter })}
    </p>
  );
}

function VerificationText(props: { readonly verification: Verification }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { records, missing, different, surplus, tookMs, checkedAt } = props.verification;
  const isGood = missing + different + surplus === 0;
  const parts = [
    missing > 0 ? t('doctor.check.missing', { count: missing }) : '',
    different > 0 ? t('doctor.check.different', { count: different }) : '',
    surplus > 0 ? t('doctor.check.surplus', { count: surplus }) : '',
  ].filter((part) => part !== '');
  return (
    <p className={classes.outcome} data-good={isGood} data-testid="doctor-verification">
      {isGood ? t('doctor.check.same', { count: records }) : parts.join(' ')}{' '}
      <span className="op-muted">
        {t('doctor.check.checkedAt', { time: format.seconds(checkedAt), took: format.millis(tookMs) })}
      </span>
    </p>
  );
}
