// What becomes of a campaign: how far it is while it goes out, and what came of it. The figures of the record are here without a
// network; links, reasons and people are asked of the server.
import { Alert, Button, Modal, Group, Progress, Stack, Text } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormat } from '#renderer/app/format/format.ts';
import { useCampaignCall, usePolledCampaigns } from '#renderer/blocks/campaigns/use-campaign-calls.ts';
import { useIsOnline } from '#renderer/blocks/use-is-online.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { CampaignDetails, FigureTiles } from '#renderer/features/campaigns/campaign-figures.tsx';
import { useMaySend } from '#renderer/features/campaigns/campaign-tabs.tsx';
import {
  countOf,
  stateOf,
  toneOfState,
  useInstantOf,
  useTroubleText,
} from '#renderer/features/campaigns/campaign-words.ts';
import {
  useFollowed,
  useFollowers,
  useFollowText,
  useFollowWhen,
} from '#renderer/features/campaigns/follow-fields.tsx';
import { RecipientList } from '#renderer/features/campaigns/recipient-list.tsx';
import { Page } from '#renderer/ui/page.tsx';
import { Panel } from '#renderer/ui/panel.tsx';
import { Pill } from '#renderer/ui/pill.tsx';
import type { CampaignStatistics } from '#shared/campaigns/campaign-calls.ts';
import { followUpOf } from '#shared/campaigns/follow-up.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './campaigns.module.css';

const LOOK_EVERY_MS = 3_000;
/** Of one that stands still or is over, opens and clicks still come. */
const LOOK_LATER_MS = 15_000;

export function CampaignReport({ record }: { readonly record: LocalRecord }) {
  const { t } = useTranslation();
  const isOnline = useIsOnline();
  const state = stateOf(record);
  return (
    <Page
      title={textOf(record['name'])}
      subtitle={
        <span className={classes.line}>
          <Pill tone={toneOfState[state]}>{t(`options.campaign.state.${state}`)}</Pill>
          {textOf(record['subject'] ?? '')}
          <Follows record={record} />
        </span>
      }
      actions={<ReportActions record={record} />}
    >
      {state === 'draft' ? (
        <p className={classes.info} role="status">
          {t('campaigns.mayNotChange')}
        </p>
      ) : isOnline ? (
        <OnlineReport record={record} />
      ) : (
        <div className={classes.stack}>
          <p className={classes.info} role="status">
            {t('campaigns.figuresOffline')}
          </p>
          <FigureTiles counts={countsOf(record)} />
        </div>
      )}
    </Page>
  );
}

/** Which campaign it follows, and which follow it. */
function Follows({ record }: { readonly record: LocalRecord }) {
  const followText = useFollowText();
  const follows = followUpOf(record);
  const followed = useFollowed(follows?.campaignId ?? null);
  if (follows === null) return null;
  const text = followText(follows, followed);
  return (
    <span data-follows={follows.campaignId}>
      {followed === null ? text : <Link to={`/campaigns/${followed.id}`}>{text}</Link>}
    </span>
  );
}

function Followers({ record }: { readonly record: LocalRecord }) {
  const { t } = useTranslation();
  const followText = useFollowText();
  const followWhen = useFollowWhen();
  const rows = useFollowers(record.id);
  if (rows.length === 0) return null;
  return (
    <Panel title={t('campaigns.follows.followers')} isFlush>
      <ul className={classes.followers}>
        {rows.map((row) => {
          const follows = followUpOf(row);
          const state = stateOf(row);
          return (
            <li key={row.id} data-follower={row.id}>
              <Link to={`/campaigns/${row.id}`}>{textOf(row['name'])}</Link>
              <Pill tone={toneOfState[state]}>{t(`options.campaign.state.${state}`)}</Pill>
              <span className="op-muted">
                {[followWhen(row, record), follows === null ? '' : followText(follows, record)]
                  .filter((text) => text !== null && text !== '')
                  .join(' · ')}
              </span>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}

function countsOf(record: LocalRecord) {
  return {
    sent: countOf(record, 'totalSent'),
    opened: countOf(record, 'opened'),
    clicked: countOf(record, 'clicked'),
    bounced: countOf(record, 'bounced'),
    failed: countOf(record, 'failed'),
    unsubscribed: countOf(record, 'unsubscribed'),
    complained: countOf(record, 'complained'),
  };
}

function OnlineReport({ record }: { readonly record: LocalRecord }) {
  const trouble = useTroubleText();
  const everyMs = stateOf(record) === 'sending' ? LOOK_EVERY_MS : LOOK_LATER_MS;
  const { data, error, refresh } = usePolledCampaigns('campaignStats', { id: record.id }, everyMs);
  const problem = data?.trouble ?? null;
  const counts =
    data === null
      ? countsOf(record)
      : {
          sent: data.total_sent,
          opened: data.opened,
          clicked: data.clicked,
          bounced: data.bounced,
          failed: data.failed,
          unsubscribed: data.unsubscribed,
          complained: data.complained,
        };
  return (
    <div className={classes.stack}>
      {error === null || data !== null ? null : (
        <Alert color="yellow" role="alert">
          {error}
        </Alert>
      )}
      {problem === null ? null : (
        <Alert color="yellow" role="alert">
          {trouble(problem)}
        </Alert>
      )}
      {data === null ? null : <Course stats={data} />}
      <FigureTiles counts={counts} />
      {data === null || data.unconfirmed === 0 ? null : (
        <Unconfirmed record={record} count={data.unconfirmed} onDone={refresh} />
      )}
      <Followers record={record} />
      {data === null ? null : <CampaignDetails stats={data} />}
      {data === null || data.recipients + data.skipped === 0 ? null : <RecipientList id={record.id} stats={data} />}
    </div>
  );
}

/** How far it is, while it is not over. */
function Course({ stats }: { readonly stats: CampaignStatistics }) {
  const { t } = useTranslation();
  const format = useFormat();
  const instantOf = useInstantOf();
  if (['sent', 'cancelled'].includes(stats.state)) return null;
  if (stats.state === 'scheduled')
    return (
      <p className={classes.course}>
        {stats.next_at === null
          ? t('campaigns.course.follows')
          : t('campaigns.course.scheduled', { at: instantOf(stats.next_at) })}
      </p>
    );
  const done = stats.recipients - stats.waiting;
  const text = t('campaigns.course.done', { done: format.number(done), of: format.number(stats.recipients) });
  const share = stats.recipients === 0 ? 0 : Math.round((done / stats.recipients) * 100);
  return (
    <section className={classes.course} aria-label={t('campaigns.course.label')}>
      <Progress.Root>
        <Progress.Section value={share} aria-label={t('campaigns.course.label')} aria-valuetext={text} />
      </Progress.Root>
      <p>
        {stats.state === 'preparing' ? t('campaigns.course.preparing') : text}
        {stats.state === 'sending' && stats.next_at !== null && stats.waiting > 0
          ? ` · ${t('campaigns.course.next', { at: instantOf(stats.next_at) })}`
          : ''}
      </p>
    </section>
  );
}

function Unconfirmed(props: { readonly record: LocalRecord; readonly count: number; readonly onDone: () => void }) {
  const { t } = useTranslation();
  const maySend = useMaySend(props.record);
  const { ask, isAsking, error } = useCampaignCall();

  async function resend(): Promise<void> {
    if ((await ask('resendUnconfirmed', { id: props.record.id })) !== null) props.onDone();
  }
  return (
    <Alert color="yellow">
      <Stack gap="xs" align="flex-start">
        <Text size="sm" fw={600}>
          {t('campaigns.unconfirmed.title', { count: props.count })}
        </Text>
        <Text size="sm">{error ?? t('campaigns.unconfirmed.text')}</Text>
        {maySend ? (
          <Button size="xs" variant="default" loading={isAsking} onClick={() => void resend()}>
            {t('campaigns.unconfirmed.again')}
          </Button>
        ) : null}
      </Stack>
    </Alert>
  );
}

function ReportActions({ record }: { readonly record: LocalRecord }) {
  const { t } = useTranslation();
  const isOnline = useIsOnline();
  const maySend = useMaySend(record);
  const { ask, isAsking, error } = useCampaignCall();
  const [isCancelling, setCancelling] = useState(false);
  const state = stateOf(record);
  const ending = useFollowers(record.id).filter((row) => ['scheduled', 'paused'].includes(stateOf(row)));
  if (!maySend || !['scheduled', 'sending', 'paused'].includes(state)) return null;
  const { id } = record;
  return (
    <>
      {error === null ? null : (
        <span className={classes.error} role="alert">
          {error}
        </span>
      )}
      {state === 'paused' ? (
        <Button
          leftSection={<IconPlayerPlay size={15} />}
          disabled={!isOnline}
          loading={isAsking}
          onClick={() => void ask('resumeCampaign', { id })}
        >
          {t('campaigns.resume')}
        </Button>
      ) : (
        <Button
          variant="default"
          leftSection={<IconPlayerPause size={15} />}
          disabled={!isOnline}
          loading={isAsking}
          onClick={() => void ask('pauseCampaign', { id })}
        >
          {t('campaigns.pause')}
        </Button>
      )}
      <Button
        variant="default"
        leftSection={<IconX size={15} />}
        disabled={!isOnline}
        onClick={() => setCancelling(true)}
      >
        {t('campaigns.cancel')}
      </Button>
      <Modal
        opened={isCancelling}
        onClose={() => setCancelling(false)}
        size="sm"
        title={<Text fw={600}>{t('campaigns.cancelTitle')}</Text>}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <Stack gap="md">
          <Text size="sm">{t('campaigns.cancelText')}</Text>
          {ending.length === 0 || typeof record['finishedAt'] === 'string' ? null : (
            <Text size="sm">
              {t('campaigns.follows.alsoCancelled', {
                count: ending.length,
                names: ending.map((row) => t('campaigns.follows.named', { name: textOf(row['name']) })).join(', '),
              })}
            </Text>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" data-autofocus onClick={() => setCancelling(false)}>
              {t('campaigns.keepOn')}
            </Button>
            <Button
              color="red.9"
              onClick={() => {
                setCancelling(false);
                void ask('cancelCampaign', { id });
              }}
            >
              {t('campaigns.cancel')}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
