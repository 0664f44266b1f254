import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { Fact, Facts } from '#renderer/features/doctor/facts.tsx';
import { Panel } from '#renderer/ui/panel.tsx';
import { Pill, type PillTone } from '#renderer/ui/pill.tsx';
import type { DoctorSnapshot, ServerStanding } from '#shared/doctor/snapshot.ts';
import classes from './doctor.module.css';

const tones: Readonly<Record<string, PillTone>> = {
  idle: 'good',
  pulling: 'accent',
  pushing: 'accent',
  backingOff: 'warn',
  blocked: 'danger',
};

/** A clock that is further off than this makes times on screens wrong enough to be told. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

export function ConnectionPanel(props: { readonly snapshot: DoctorSnapshot }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { connection, position } = props.snapshot;
  const phase = connection.workOffline ? 'workOffline' : connection.phase;
  const epochs =
    position.epoch === null || position.epoch === position.ownEpoch
      ? format.number(position.ownEpoch)
      : t('doctor.connection.epochs', { held: position.epoch, own: position.ownEpoch });
  return (
    <Panel title={t('doctor.connection.title')}>
      <Facts>
        <Fact name={t('doctor.connection.state')} testId="doctor-phase">
          <Pill tone={tones[phase] ?? 'neutral'}>{t(`doctor.phase.${phase}`)}</Pill>{' '}
          <span className="op-muted">{t('doctor.since', { time: format.seconds(connection.since) })}</span>
        </Fact>
        {connection.retryAt === null ? null : (
          <Fact name={t('doctor.connection.retryAt')}>{format.seconds(connection.retryAt)}</Fact>
        )}
        <Fact name={t('doctor.connection.live')}>
          {t(`doctor.live.${connection.live}`)}{' '}
          <span className="op-muted">{t('doctor.since', { time: format.seconds(connection.liveSince) })}</span>
        </Fact>
        <Fact name={t('doctor.connection.upToDateAt')}>
          {connection.upToDateAt === null ? t('doctor.never') : format.instant(connection.upToDateAt)}
        </Fact>
        <Fact name={t('doctor.connection.lastAnswerAt')}>
          {connection.lastAnswerAt === null ? t('doctor.notSinceStart') : format.seconds(connection.lastAnswerAt)}
        </Fact>
        <Fact name={t('doctor.connection.position')}>
          {position.stage === null ? t('doctor.databaseAway') : t(`doctor.stage.${position.stage}`)}
          {position.mark === null ? null : <code className={classes.mark}>{position.mark}</code>}
        </Fact>
        <Fact name={t('doctor.connection.epoch')}>{epochs}</Fact>
      </Facts>
      <ServerFacts isReachable={connection.phase !== 'offline' && !connection.workOffline} />
    </Panel>
  );
}

/** What only the server can tell, when somebody wants to know. */
function ServerFacts(props: { readonly isReachable: boolean }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const format = useFormat();
  const [standing, setStanding] = useState<ServerStanding | null>(null);
  const [error, setError] = useState<string | null>(null);

  async function ask(): Promise<void> {
    setError(null);
    try {
      setStanding(await invokeMain(getBridge(), 'doctor.askServer', {}));
    } catch (failure) {
      setStanding(null);
      setError(errorText(failure));
    }
  }

  return (
    <>
      {standing === null ? null : (
        <Facts>
          <Fact name={t('doctor.server.incarnation')} testId="doctor-incarnation">
            <code>{standing.incarnation.slice(0, 8)}</code>
          </Fact>
          <Fact name={t('doctor.server.epoch')}>{format.number(standing.epoch)}</Fact>
          <Fact name={t('doctor.server.roundTrip')}>{format.millis(standing.roundTripMs)}</Fact>
          <Fact name={t('doctor.server.clock')}>
            {Math.abs(standing.clockAheadMs) < CLOCK_TOLERANCE_MS
              ? t('doctor.server.clockGood')
              : t(standing.clockAheadMs > 0 ? 'doctor.server.clockAhead' : 'doctor.server.clockBehind', {
                  count: Math.round(Math.abs(standing.clockAheadMs) / 60_000),
                })}
          </Fact>
        </Facts>
      )}
      <div className={classes.buttons}>
        <Button variant="default" size="compact-sm" onClick={() => void ask()} disabled={!props.isReachable}>
          {t('doctor.server.ask')}
        </Button>
        <span className="op-muted" role="status">
          {props.isReachable ? (error ?? '') : t('doctor.server.offline')}
        </span>
      </div>
    </>
  );
}
