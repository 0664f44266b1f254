import { Button, Switch } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { ClockInput } from '#renderer/blocks/clock-input.tsx';
import { Panel } from '#renderer/ui/panel.tsx';
import { Pill } from '#renderer/ui/pill.tsx';
import type { DailyPlan, LastRun, PlanChange } from '#shared/sync/job-messages.ts';
import classes from './operations.module.css';

const tones = { done: 'good', failed: 'danger', running: 'accent' } as const;

/** What is done every day: when, whether, and what came of it last. */
export function DailyWork(props: {
  readonly plans: readonly DailyPlan[];
  readonly isBusy: boolean;
  readonly onChange: (plan: PlanChange) => void;
  readonly onRun: (name: string) => void;
}) {
  const { t } = useTranslation();
  return (
    <Panel title={t('operations.daily.title')} isFlush>
      <ul className={classes.checks}>
        {props.plans.map((plan) => (
          <Plan key={`${plan.name} ${plan.time} ${plan.timeZone}`} plan={plan} {...props} />
        ))}
      </ul>
    </Panel>
  );
}

function Plan(props: {
  readonly plan: DailyPlan;
  readonly isBusy: boolean;
  readonly onChange: (plan: PlanChange) => void;
  readonly onRun: (name: string) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { plan, isBusy } = props;
  const { name, isOn, isSetUp, timeZone, last, nextAt, keeps } = plan;
  const [time, setTime] = useState(plan.time);
  const title = t(`operations.daily.${name}.title`);
  return (
    <li data-plan={name}>
      <span>{title}</span>
      <span>
        {last === null ? (
          <Pill>{t('operations.daily.never')}</Pill>
        ) : (
          <Pill tone={tones[last.outcome]}>{t(`operations.daily.outcome.${last.outcome}`)}</Pill>
        )}
      </span>
      <div>
        <p className="op-muted">
          {keeps === undefined
            ? t(`operations.daily.${name}.text`)
            : t(`operations.daily.${name}.bounded`, { count: keeps.count, size: format.bytes(keeps.bytes) })}
        </p>
        {isSetUp ? null : <p className={classes.next}>{t(`operations.daily.${name}.notSetUp`)}</p>}
        {last === null ? null : (
          <p>
            {t('operations.daily.last', { at: format.instant(last.endedAt ?? last.beganAt) })}{' '}
            <Facts last={last} name={name} />
          </p>
        )}
        {nextAt === null ? null : <p>{t('operations.daily.next', { at: format.instant(nextAt) })}</p>}
        {isSetUp ? (
          <div className={classes.row}>
            <ClockInput
              size="xs"
              isLive
              label={t('operations.daily.time', { timeZone })}
              value={time}
              onChange={setTime}
            />
            <Button
              size="xs"
              variant="default"
              disabled={isBusy || time === plan.time || time === ''}
              onClick={() => props.onChange({ name, time, timeZone, isOn })}
            >
              {t('operations.daily.move')}
            </Button>
            <Switch
              size="xs"
              mb={8}
              label={t('operations.daily.on')}
              aria-label={t('operations.daily.onOf', { name: title })}
              checked={isOn}
              disabled={isBusy}
              onChange={(event) =>
                props.onChange({ name, time: plan.time, timeZone, isOn: event.currentTarget.checked })
              }
            />
            <Button
              size="xs"
              variant="default"
              disabled={isBusy || last?.outcome === 'running'}
              onClick={() => props.onRun(name)}
            >
              {t('operations.daily.run')}
            </Button>
          </div>
        ) : null}
      </div>
    </li>
  );
}

function Facts(props: { readonly last: LastRun; readonly name: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { facts, outcome } = props.last;
  if (outcome === 'failed') return t('operations.daily.failedWith', { code: facts['code'] ?? '' });
  if (outcome === 'running') return null;
  const bytes = Number(facts['bytes'] ?? 0);
  return t(`operations.daily.${props.name}.facts`, { ...facts, size: format.bytes(bytes) });
}
