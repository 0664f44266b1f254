// Who got it, and what became of each mail. The server tells records, not addresses: whoever does not see a person does not
// learn of it here.
import { Button, Select } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormat } from '#renderer/app/format/format.ts';
import { useCampaignCall } from '#renderer/blocks/campaigns/use-campaign-calls.ts';
import { pathOfRecord } from '#renderer/blocks/record-paths.ts';
import { keyOf, useTitles } from '#renderer/blocks/use-titles.ts';
import { useInstantOf, useReasonText } from '#renderer/features/campaigns/campaign-words.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import { Pill, type PillTone } from '#renderer/ui/pill.tsx';
import type { CampaignStatistics, RecipientLine } from '#shared/campaigns/campaign-calls.ts';
import { entities } from '#shared/entities/registry.ts';
import classes from './campaigns.module.css';

const states = [
  'all',
  'sent',
  'opened',
  'clicked',
  'bounced',
  'failed',
  'unconfirmed',
  'waiting',
  'skipped',
  'unsubscribed',
  'complained',
] as const;
type State = (typeof states)[number];

const tones: Readonly<Record<string, PillTone>> = {
  sent: 'good',
  failed: 'danger',
  bounced: 'danger',
  unconfirmed: 'warn',
};

const kindOf = ({ entity }: RecipientLine): 'lead' | 'contact' => (entity === 'lead' ? 'lead' : 'contact');

/** How many there are of each kind, as the figures say. */
function totalOf(stats: CampaignStatistics, state: State): number {
  return state === 'all' ? stats.recipients : state === 'sent' ? stats.total_sent : stats[state];
}

export function RecipientList(props: { readonly id: string; readonly stats: CampaignStatistics }) {
  const { t } = useTranslation();
  const { ask, isAsking, error } = useCampaignCall();
  const [state, setState] = useState<State>('all');
  const [lines, setLines] = useState<readonly RecipientLine[]>([]);
  const [next, setNext] = useState<number | null>(null);
  const { id, stats } = props;
  const format = useFormat();
  // Somebody went beyond the first page: what changes meanwhile does not take the list away.
  const isFurther = useRef(false);
  const news = JSON.stringify(states.map((each) => totalOf(stats, each)));
  const titles = useTitles(lines.map((line) => ({ coll: entities[kindOf(line)].collection, id: line.recordId })));

  async function read(behind: number | null, isStale: () => boolean): Promise<void> {
    const answer = await ask('campaignRecipients', {
      id,
      ...(state === 'all' ? {} : { state }),
      ...(behind === null ? {} : { behind: String(behind) }),
    });
    if (answer === null || isStale()) return;
    setLines((known) => (behind === null ? answer.recipients : [...known, ...answer.recipients]));
    setNext(answer.next);
  }

  useEffect(() => {
    let isStale = false;
    if (!isFurther.current) void read(null, () => isStale);
    return () => {
      isStale = true;
    };
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [id, state, news]);

  return (
    <Panel
      title={t('campaigns.recipients.title')}
      isFlush
      actions={
        <Select
          size="xs"
          w={190}
          aria-label={t('campaigns.recipients.filter')}
          allowDeselect={false}
          value={state}
          onChange={(value) => {
            isFurther.current = false;
            setState(states.find((known) => known === value) ?? 'all');
          }}
          data={states.map((value) => ({ value, label: t(`campaigns.recipients.states.${value}`) }))}
        />
      }
    >
      {error === null ? null : (
        <p className={classes.notice} role="alert">
          {error}
        </p>
      )}
      {lines.length === 0 ? (
        <p className={classes.none}>{t('common.nothingFound')}</p>
      ) : (
        <table className={classes.table} aria-label={t('campaigns.recipients.title')}>
          <thead>
            <tr>
              {['person', 'state', 'sentAt', 'openedAt', 'clickedAt', 'why'].map((key) => (
                <th key={key} scope="col">
                  {t(`campaigns.recipients.${key}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <RecipientRow
                key={line.no}
                line={line}
                name={titles.get(keyOf({ coll: entities[kindOf(line)].collection, id: line.recordId }))?.title ?? null}
              />
            ))}
          </tbody>
        </table>
      )}
      {next === null ? null : (
        <div className={classes.more}>
          <span className="op-muted" role="status">
            {t('campaigns.recipients.shown', {
              shown: format.number(lines.length),
              of: format.number(Math.max(lines.length, totalOf(stats, state))),
            })}
          </span>
          <Button
            size="xs"
            variant="subtle"
            loading={isAsking}
            onClick={() => {
              isFurther.current = true;
              void read(next, () => false);
            }}
          >
            {t('campaigns.recipients.more')}
          </Button>
        </div>
      )}
    </Panel>
  );
}

function RecipientRow(props: { readonly line: RecipientLine; readonly name: string | null }) {
  const { t } = useTranslation();
  const instantOf = useInstantOf();
  const reason = useReasonText();
  const { line, name } = props;
  const state = line.bounceKind === null ? line.state : 'bounced';
  const shown = ['claimed', 'handing'].includes(state) ? 'waiting' : state;
  const why = line.bounceReason ?? line.reason;
  const path = name === null ? null : pathOfRecord(kindOf(line), line.recordId);
  return (
    <tr data-recipient={line.recordId} data-state={shown}>
      <th scope="row">{path === null ? t('common.notAvailable') : <Link to={path}>{name}</Link>}</th>
      <td>
        <Pill tone={tones[shown] ?? 'neutral'}>{t(`campaigns.recipients.states.${shown}`)}</Pill>
      </td>
      <td className="op-muted">{instantOf(line.sentAt)}</td>
      <td className="op-muted">{instantOf(line.openedAt)}</td>
      <td className="op-muted">{instantOf(line.clickedAt)}</td>
      <td className={classes.why} title={line.detail ?? undefined}>
        {why === null ? (line.detail ?? '') : reason(why)}
      </td>
    </tr>
  );
}
