import { Button, Group } from '@mantine/core';
import { IconMailX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useFormat } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { keyOf, useTitles } from '#renderer/blocks/use-titles.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import { recipientsOf } from '#shared/entities/report-run/report-run.ts';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './attention.module.css';

/** A scheduled report that did not reach everybody: whom, and why. It goes once a run reaches all. */
export function FailedRunCard(props: { readonly run: LocalRecord }) {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useNames();
  const navigate = useNavigate();
  const { run } = props;
  const missed = recipientsOf(run).filter(({ state }) => state !== 'sent');
  const titles = useTitles(missed.map(({ userId }) => ({ coll: 'people', id: userId })));
  const reason = textOf(run['reason']);
  const name = textOf(run['name']);
  return (
    <Panel
      title={
        <span className={classes.title}>
          <IconMailX size={16} aria-hidden />
          {run['state'] === 'partial' ? t('schedules.attention', { name }) : t('schedules.attentionFailed', { name })}
        </span>
      }
      actions={<span className="op-muted">{format.instant(textOf(run['dueAt']))}</span>}
    >
      <div data-testid="failed-run" data-run={run.id}>
        {reason === '' ? null : <p className={classes.reason}>{names.option(entities.reportRun, 'reason', reason)}</p>}
        {missed.map(({ userId, reason: why }) => (
          <p key={userId} className={classes.reason}>
            {titles.get(keyOf({ coll: 'people', id: userId }))?.title ?? t('common.notAvailable')}
            {why === null ? '' : `: ${t(`schedules.reasons.${why}`)}`}
          </p>
        ))}
        <Group gap={8} mt={12}>
          <Button variant="default" onClick={() => void navigate(`/analytics/schedules/${textOf(run['scheduleId'])}`)}>
            {t('schedules.open')}
          </Button>
        </Group>
      </div>
    </Panel>
  );
}
