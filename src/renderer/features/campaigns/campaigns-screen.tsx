// Campaigns: which there are, how far they are, and what came of them. The figures lie in the records, so they are here
// without a network, too.
import { Button } from '@mantine/core';
import { IconPlus, IconSpeakerphone } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { useFormat } from '#renderer/app/format/format.ts';
import { PendingMark } from '#renderer/blocks/pending-mark.tsx';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { useIsFirstSync } from '#renderer/blocks/use-first-sync.ts';
import { ListMenu } from '#renderer/blocks/list-menu.tsx';
import type { ListResult, LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { CampaignTabs } from '#renderer/features/campaigns/campaign-tabs.tsx';
import { countOf, stateOf, toneOfState, useRate, useTroubleText } from '#renderer/features/campaigns/campaign-words.ts';
import { useFollowed, useFollowText, useFollowWhen } from '#renderer/features/campaigns/follow-fields.tsx';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { Page } from '#renderer/ui/page.tsx';
import { Pill } from '#renderer/ui/pill.tsx';
import { followUpOf } from '#shared/campaigns/follow-up.ts';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './campaigns.module.css';

const MOST = 500;

export function CampaignsScreen() {
  const { t } = useTranslation();
  const can = useCan();
  const run = useCommand();
  const navigate = useNavigate();
  const isFirstSync = useIsFirstSync();
  const { data } = useLive('list', {
    entity: 'campaign',
    sort: [{ field: 'createdAt', direction: 'desc' }],
    offset: 0,
    limit: MOST,
  });
  const mayCreate = can('create', entities.campaign);

  async function create(): Promise<void> {
    const made = await run('createRecord', {
      entity: 'campaign',
      values: { name: t('campaigns.untitled'), trackOpens: true, trackClicks: true },
    });
    if (typeof made?.recordId === 'string') void navigate(`/campaigns/${made.recordId}`);
  }
  const action = { label: t('campaigns.new'), onClick: () => void create() };

  return (
    <Page
      title={t('campaigns.title')}
      actions={
        mayCreate ? (
          <Button leftSection={<IconPlus size={15} />} onClick={action.onClick}>
            {action.label}
          </Button>
        ) : null
      }
      toolbar={
        <>
          <CampaignTabs current="list" />
          <div style={{ flex: 1 }} />
          <ListMenu entity="campaign" />
        </>
      }
    >
      {data === undefined || (data.total === 0 && isFirstSync) ? null : data.total === 0 ? (
        <EmptyState
          icon={<IconSpeakerphone size={28} stroke={1.4} />}
          title={t('campaigns.empty')}
          text={t(mayCreate ? 'campaigns.emptyText' : 'campaigns.emptyMayNot')}
          action={mayCreate ? action : undefined}
        />
      ) : (
        <CampaignTable data={data} />
      )}
    </Page>
  );
}

function CampaignTable(props: { readonly data: ListResult }) {
  const { t } = useTranslation();
  return (
    <div className={classes.frame}>
      <table className={classes.table} aria-label={t('campaigns.title')}>
        <thead>
          <tr>
            <th scope="col">{t('fields.campaign.name')}</th>
            <th scope="col">{t('fields.campaign.state')}</th>
            <th scope="col">{t('campaigns.columns.when')}</th>
            <th scope="col" className="op-number">
              {t('fields.campaign.totalSent')}
            </th>
            <th scope="col" className="op-number">
              {t('campaigns.columns.openRate')}
            </th>
            <th scope="col" className="op-number">
              {t('campaigns.columns.clickRate')}
            </th>
            <th scope="col" className="op-number">
              {t('fields.campaign.bounced')}
            </th>
          </tr>
        </thead>
        <tbody>
          {props.data.rows.map((record) => (
            <CampaignRow key={record.id} record={record} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Which campaign this one follows, and why it ended where that one did. */
function FollowLine(props: { readonly record: LocalRecord; readonly followed: LocalRecord | null }) {
  const followText = useFollowText();
  const trouble = useTroubleText();
  const follows = followUpOf(props.record);
  if (follows === null) return null;
  const isEnded = props.record['trouble'] === 'followedCancelled';
  return (
    <span className={classes.second}>
      {isEnded ? trouble('followedCancelled') : followText(follows, props.followed)}
    </span>
  );
}

function CampaignRow({ record }: { readonly record: LocalRecord }) {
  const { t } = useTranslation();
  const format = useFormat();
  const rate = useRate();
  const state = stateOf(record);
  const sent = countOf(record, 'totalSent');
  const isOut = sent > 0;
  const followed = useFollowed(followUpOf(record)?.campaignId ?? null);
  const follows = useFollowWhen()(record, followed);
  const when = textOf(record['finishedAt'] ?? record['scheduledAt'] ?? record['publishedAt'] ?? record.updatedAt);
  return (
    <tr data-campaign={record.id} data-state={state}>
      <th scope="row">
        <span className={classes.name}>
          <Link to={`/campaigns/${record.id}`}>{textOf(record['name'])}</Link>
          <PendingMark pending={record.pending} />
        </span>
        <FollowLine record={record} followed={followed} />
      </th>
      <td>
        <Pill tone={toneOfState[state]}>{t(`options.campaign.state.${state}`)}</Pill>
      </td>
      <td className="op-muted">{follows ?? format.instant(when)}</td>
      <td className="op-number">{isOut ? format.number(sent) : '–'}</td>
      <td className="op-number">{rate(countOf(record, 'opened'), sent)}</td>
      <td className="op-number">{rate(countOf(record, 'clicked'), sent)}</td>
      <td className="op-number">{isOut ? format.number(countOf(record, 'bounced')) : '–'}</td>
    </tr>
  );
}
