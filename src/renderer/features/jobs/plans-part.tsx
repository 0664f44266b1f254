import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useChange } from '#renderer/blocks/use-change.ts';
import { Part } from '#renderer/features/jobs/part.tsx';
import { useLocalJobs } from '#renderer/features/jobs/use-local-jobs.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import { Scroll } from '#renderer/ui/scroll.tsx';
import type { JobPlan } from '#shared/jobs/local-jobs.ts';
import classes from './jobs.module.css';

/** What happens again and again on this computer: when it did last, and when it does next. */
export function PlansPart() {
  const { t } = useTranslation();
  const { data, error, refresh } = useLocalJobs('localJobs.overview', {});
  const { change, isRunning, error: changeError } = useChange(refresh);
  const plans = data?.plans ?? [];
  return (
    <Part name="plans" errors={[error, changeError]}>
      {data === null ? null : (
        <Panel isFlush>
          {plans.length === 0 ? <p className={classes.empty}>{t('localJobs.noPlans')}</p> : null}
          {plans.length === 0 ? null : (
            <Scroll>
              <table className={classes.table}>
                <thead>
                  <tr>
                    {(['kind', 'lastRun', 'nextRun', 'zone'] as const).map((column) => (
                      <th key={column} scope="col">
                        {t(`localJobs.${column}`)}
                      </th>
                    ))}
                    <th scope="col">{t('operations.jobs.action')}</th>
                  </tr>
                </thead>
                <tbody>
                  {plans.map((plan) => (
                    <PlanRow key={plan.name} plan={plan} isBusy={isRunning} onAct={change} />
                  ))}
                </tbody>
              </table>
            </Scroll>
          )}
        </Panel>
      )}
    </Part>
  );
}

function PlanRow(props: {
  readonly plan: JobPlan;
  readonly isBusy: boolean;
  readonly onAct: (
    name: 'localJobs.runPlan' | 'localJobs.removePlan',
    input: { readonly name: string },
  ) => Promise<boolean>;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { name, kind, label, canRemove, zone, lastAt, nextAt } = props.plan;
  const kindName = t(`localJobs.kinds.${kind}`, { defaultValue: kind });
  const title = label === '' ? kindName : `${kindName}: ${label}`;
  const instant = (at: string | null): string => (at === null ? t('localJobs.never') : format.instant(at));
  return (
    <tr data-plan={name}>
      <th scope="row">
        {kindName}
        {label === '' ? null : <span className={classes.about}>{label}</span>}
      </th>
      <td className={classes.when}>{instant(lastAt)}</td>
      <td className={classes.when}>{instant(nextAt)}</td>
      <td>{zone}</td>
      <td>
        <div className={`${classes.buttons} ${classes.actions}`}>
          <Button
            size="compact-xs"
            variant="default"
            disabled={props.isBusy}
            aria-label={`${t('operations.jobs.runNow')}: ${title}`}
            onClick={() => void props.onAct('localJobs.runPlan', { name })}
          >
            {t('operations.jobs.runNow')}
          </Button>
          {canRemove ? (
            <Button
              size="compact-xs"
              variant="subtle"
              color="red"
              disabled={props.isBusy}
              aria-label={`${t('localJobs.removePlan')}: ${title}`}
              onClick={() => void props.onAct('localJobs.removePlan', { name })}
            >
              {t('localJobs.removePlan')}
            </Button>
          ) : null}
        </div>
      </td>
    </tr>
  );
}
