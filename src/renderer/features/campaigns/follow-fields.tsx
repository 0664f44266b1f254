// A follow-up: it goes to those who did something with an earlier campaign, or did not, some days after that one went out. Whom
// it reaches is asked when it is sent, so a draft may follow a draft.
import { NativeSelect, Select, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { toLocalDay } from '#renderer/app/format/local-day.ts';
import { TypedNumberInput } from '#renderer/blocks/typed-number-input.tsx';
import { useIsOnline } from '#renderer/blocks/use-is-online.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { ServerCount } from '#renderer/features/campaigns/audience-fields.tsx';
import { stateOf } from '#renderer/features/campaigns/campaign-words.ts';
import type { CampaignDraft } from '#renderer/features/campaigns/use-campaign-draft.ts';
import type { Audience } from '#shared/campaigns/audience.ts';
import {
  followConditions,
  followMoment,
  followUpOf,
  USUAL_FOLLOW_DAYS,
  type FollowUp,
} from '#shared/campaigns/follow-up.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './campaigns.module.css';

const MOST = 500;
const MOST_FOLLOWERS = 50;

/** The campaign it follows, as far as this person sees it. */
export function useFollowed(campaignId: string | null): LocalRecord | null {
  const { data } = useLive('record', campaignId === null ? null : { entity: 'campaign', id: campaignId });
  return data?.record ?? null;
}

/** “3 days later, to those who did not open “Autumn”.” */
export function useFollowText(): (follows: FollowUp, followed: LocalRecord | null) => string {
  const { t } = useTranslation();
  return ({ when, days }, followed) =>
    t(`campaigns.follows.says.${when}`, {
      count: days,
      name: followed === null ? t('common.notAvailable') : textOf(followed['name']),
    });
}

/** When a published follow-up goes out, in words; null: it is none that still has to go out. */
export function useFollowWhen(): (record: LocalRecord, followed: LocalRecord | null) => string | null {
  const { t } = useTranslation();
  const format = useFormat();
  return (record, followed) => {
    const follows = followUpOf(record);
    if (follows === null || stateOf(record) !== 'scheduled') return null;
    const moment = followMoment(follows, followed, Date.now());
    if (moment === null) return t('campaigns.follows.open');
    const instant = new Date(moment.atMs).toISOString();
    if (moment.isCertain) return format.instant(instant);
    return t('campaigns.follows.about', { day: format.day(toLocalDay(new Date(moment.atMs))) });
  };
}

/** Published campaigns that wait for this one, and drafts that name it. */
export function useFollowers(campaignId: string): readonly LocalRecord[] {
  const { data } = useLive('list', {
    entity: 'campaign',
    filter: { field: 'followsId', op: 'eq', value: campaignId },
    sort: [{ field: 'createdAt', direction: 'asc' }],
    offset: 0,
    limit: MOST_FOLLOWERS,
  });
  return data?.rows ?? [];
}

export function FollowFields(props: {
  readonly id: string;
  readonly draft: CampaignDraft;
  readonly audience: Audience;
  readonly followed: LocalRecord | null;
}) {
  const { t } = useTranslation();
  const isOnline = useIsOnline();
  const { draft, followed } = props;
  const { values, change, problems } = draft;
  const follows = followUpOf(values);
  const { data } = useLive('list', {
    entity: 'campaign',
    sort: [{ field: 'createdAt', direction: 'desc' }],
    offset: 0,
    limit: MOST,
  });
  // Of a cancelled one nothing follows, and none follows itself or what follows it.
  const rows = (data?.rows ?? []).filter(
    (row) =>
      row.id !== props.id &&
      row['followsId'] !== props.id &&
      (stateOf(row) !== 'cancelled' || row.id === follows?.campaignId),
  );
  const known = rows.some(({ id }) => id === follows?.campaignId);
  return (
    <Stack gap="sm">
      <Select
        label={t('campaigns.follows.which')}
        description={t('campaigns.follows.whichHint')}
        withAsterisk
        searchable
        allowDeselect={false}
        placeholder={t(rows.length === 0 ? 'campaigns.follows.none' : 'common.choose')}
        nothingFoundMessage={t('common.nothingFound')}
        data={[
          ...rows.map((row) => ({
            value: row.id,
            label: `${textOf(row['name'])} · ${t(`options.campaign.state.${stateOf(row)}`)}`,
          })),
          ...(follows === null || known ? [] : [{ value: follows.campaignId, label: t('common.notAvailable') }]),
        ]}
        value={follows?.campaignId ?? null}
        error={followed !== null && stateOf(followed) === 'cancelled' ? t('campaigns.follows.cancelled') : undefined}
        onChange={(followsId) => {
          if (followsId !== null) change({ followsId });
        }}
      />
      <div className={classes.pair}>
        <NativeSelect
          label={t('fields.campaign.followsWhen')}
          value={follows?.when ?? 'notOpened'}
          data={followConditions.map((value) => ({ value, label: t(`options.campaign.followsWhen.${value}`) }))}
          onChange={(event) => change({ followsWhen: event.currentTarget.value })}
        />
        <TypedNumberInput
          label={t('campaigns.follows.days')}
          currency={null}
          value={values['followsDays'] ?? USUAL_FOLLOW_DAYS}
          error={problems.has('followsDays') ? t('campaigns.sending.range', { least: 0, most: 90 }) : undefined}
          onChange={(followsDays) => change({ followsDays: followsDays ?? '' })}
        />
      </div>
      {followed === null || follows === null ? null : stateOf(followed) === 'sent' ? (
        isOnline ? (
          <>
            <ServerCount key={`${follows.campaignId} ${follows.when}`} audience={props.audience} follows={follows} />
            <p className="op-muted">{t('campaigns.follows.now')}</p>
          </>
        ) : (
          <p className={classes.count} role="status">
            {t('campaigns.needsServer')}
          </p>
        )
      ) : (
        <p className={classes.count} role="status">
          {t('campaigns.follows.notYet')}
        </p>
      )}
    </Stack>
  );
}
