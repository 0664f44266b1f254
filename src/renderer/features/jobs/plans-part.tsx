import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useChange } from '#renderer/blocks/use-change.ts';
import { Part } from '#renderer/features/jobs/part.tsx';
import { useLocalJobs } from '#renderer/features/jobs/use-local-jobs.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import { Scroll } from '#renderer/ui/scroll.tsx';
import classes from './jobs.module.css';

/** What happens again and again on this computer: when it did last, and when it does next. */
export function PlansPart() {
  const { t } = useTranslation();
  const format = useFormat();
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
                  {plans.map(({ name, kind, zone, lastAt, nextAt }) => {
                    const title = t(`localJobs.kinds.${kind}`, { defaultValue: kind });
                    return (
                      <tr key={name} data-plan={name}>
                        <th scope="row">{title}</th>
                        <td>{lastAt === null ? t('localJobs.never') : format.instant(lastAt)}</td>
                        <td>{nextAt === null ? t('localJobs.never') : format.instant(nextAt)}</td>
                        <td>{zone}</td>
                        <td>
                          <Button
                            size="compact-xs"
                            variant="default"
                            disabled={isRunning}
                            aria-label={`${t('operations.jobs.runNow')}: ${title}`}
                            onClick={() => void change('localJobs.runPlan', { name })}
                          >
                            {t('operations.jobs.runNow')}
                          </Button>
                        </td>
                      </tr>
                    );
                  })}
                </tbody>
              </table>
            </Scroll>
          )}
        </Panel>
      )}
    </Part>
  );
}
