import { Button, Group } from '@mantine/core';
import { IconMailX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useFormat } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { UnconfirmedMail } from '#renderer/blocks/unconfirmed-mail.tsx';
import { keyOf, useTitles } from '#renderer/blocks/use-titles.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import { recipientsOf, type RunRecipient } from '#shared/entities/report-run/report-run.ts';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './attention.module.css';

const titles: Readonly<Record<string, 'schedules.attention' | 'schedules.attentionUnconfirmed'>> = {
  partial: 'schedules.attention',
  unconfirmed: 'schedules.attentionUnconfirmed',
};

/** A scheduled report that did not reach everybody: whom, and why. It goes once a run reaches all. */
export function FailedRunCard(props: { readonly run: LocalRecord }) {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useNames();
  const navigate = useNavigate();
  const { run } = props;
  const missed = recipientsOf(run).filter(({ state }) => state !== 'sent');
  const people = useTitles(missed.map(({ userId }) => ({ coll: 'people', id: userId })));
  const nameOf = (id: string): string => people.get(keyOf({ coll: 'people', id }))?.title ?? t('common.notAvailable');
  const reason = textOf(run['reason']);
  const name = textOf(run['name']);
  return (
    <Panel
      title={
        <span className={classes.title}>
          <IconMailX size={16} aria-hidden />
          {t(titles[textOf(run['state'])] ?? 'schedules.attentionFailed', { name })}
        </span>
      }
      actions={<span className="op-muted">{format.instant(textOf(run['dueAt']))}</span>}
    >
      <div data-testid="failed-run" data-run={run.id}>
        {reason === '' ? null : <p className={classes.reason}>{names.option(entities.reportRun, 'reason', reason)}</p>}
        {missed.map((one) => (
          <Missed key={one.userId} run={run} recipient={one} name={nameOf(one.userId)} />
        ))}
        {missed.some(({ state }) => state === 'unconfirmed') ? (
          <p className="op-muted">{t('schedules.unconfirmed.text')}</p>
        ) : null}
        <Group gap={8} mt={12}>
          <Button variant="default" onClick={() => void navigate(`/analytics/schedules/${textOf(run['scheduleId'])}`)}>
            {t('schedules.open')}
          </Button>
        </Group>
      </div>
    </Panel>
  );
}

function Missed(props: { readonly run: LocalRecord; readonly recipient: RunRecipient; readonly name: string }) {
  const { t } = useTranslation();
  const { run, name } = props;
  const { userId, state, reason } = props.recipient;
  if (state === 'unconfirmed')
    return (
      <div className={classes.decision}>
        <span>
          {name}: {t('schedules.reasons.unconfirmed')}
        </span>
        <UnconfirmedMail run={run} userId={userId} name={name} />
      </div>
    );
  return (
    <p className={classes.reason}>
      {name}
      {reason === null ? '' : `: ${t(`schedules.reasons.${reason}`)}`}
    </p>
  );
}
