import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { UnconfirmedMail } from '#renderer/blocks/unconfirmed-mail.tsx';
import { keyOf, useTitles } from '#renderer/blocks/use-titles.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { recipientsOf, type RunRecipient } from '#shared/entities/report-run/report-run.ts';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './schedules.module.css';

export function RunState(props: { readonly run: LocalRecord }) {
  const names = useNames();
  const state = textOf(props.run['state']);
  return (
    <span className={classes.state} data-run-state={state}>
      {names.option(entities.reportRun, 'state', state)}
    </span>
  );
}

/** Runs of one schedule, the newest first, with what became of each recipient. */
export function RunHistory(props: { readonly scheduleId: string; readonly mayChange: boolean }) {
  const { t } = useTranslation();
  const { data } = useLive('list', {
    entity: 'reportRun',
    filter: { and: [{ field: 'scheduleId', op: 'eq', value: props.scheduleId }] },
    sort: [{ field: 'dueAt', direction: 'desc' }],
    offset: 0,
    limit: 100,
  });
  const runs = data?.rows ?? [];
  const people = [...new Set(runs.flatMap((run) => recipientsOf(run).map(({ userId }) => userId)))];
  const titles = useTitles(people.map((id) => ({ coll: 'people', id })));
  const nameOf = (id: string): string => titles.get(keyOf({ coll: 'people', id }))?.title ?? t('common.notAvailable');
  if (data !== undefined && runs.length === 0) return <p className="op-muted">{t('schedules.noRuns')}</p>;
  return (
    <div className={classes.history}>
      {runs.map((run) => (
        <Run key={run.id} run={run} nameOf={nameOf} mayChange={props.mayChange} />
      ))}
      <p className="op-muted">{t('schedules.historyKept')}</p>
    </div>
  );
}

interface RunProps {
  readonly run: LocalRecord;
  readonly nameOf: (id: string) => string;
  /** The schedule: whoever may not sends nothing again. */
  readonly mayChange: boolean;
}

function Run(props: RunProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useNames();
  const { run, nameOf, mayChange } = props;
  const recipients = recipientsOf(run);
  const sent = recipients.filter(({ state }) => state === 'sent').length;
  const missed = Number(run['missed'] ?? 0);
  const reason = textOf(run['reason']);
  return (
    <section className={classes.run} data-testid="report-run" data-state={textOf(run['state'])}>
      <h3 className={classes.runTitle}>
        <span>{format.instant(textOf(run['dueAt']))}</span>
        <RunState run={run} />
        {run['isManual'] === true ? <span className="op-muted">{t('schedules.byHand')}</span> : null}
      </h3>
      {reason === '' ? (
        <p className={classes.line}>{t('schedules.sentTo', { count: recipients.length, sent })}</p>
      ) : (
        <p className={classes.line}>{names.option(entities.reportRun, 'reason', reason)}</p>
      )}
      {missed === 0 ? null : <p className={classes.line}>{t('schedules.missed', { count: missed })}</p>}
      {recipients.length === 0 ? null : (
        <Table verticalSpacing={3} horizontalSpacing={8} aria-label={names.field(entities.reportRun, 'recipients')}>
          <Table.Tbody>
            {recipients.map((one) => (
              <Recipient key={one.userId} recipient={one} name={nameOf(one.userId)}>
                {mayChange && one.state === 'unconfirmed' ? (
                  <UnconfirmedMail run={run} userId={one.userId} name={nameOf(one.userId)} />
                ) : null}
              </Recipient>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {recipients.some(({ state }) => state === 'unconfirmed') ? (
        <p className={`${classes.line ?? ''} op-muted`}>{t('schedules.unconfirmed.text')}</p>
      ) : null}
    </section>
  );
}

interface RecipientProps {
  readonly recipient: RunRecipient;
  readonly name: string;
  /** What can be done about it. */
  readonly children: ReactNode;
}

function Recipient(props: RecipientProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { state, reason, at } = props.recipient;
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400} w="24%">
        {props.name}
      </Table.Th>
      <Table.Td w="32%">
        {t(`schedules.state.${state}`)}
        {reason === null ? '' : `: ${t(`schedules.reasons.${reason}`)}`}
      </Table.Td>
      <Table.Td className="op-muted" w="20%">
        {at === null ? '' : format.instant(at)}
      </Table.Td>
      <Table.Td>{props.children}</Table.Td>
    </Table.Tr>
  );
}
