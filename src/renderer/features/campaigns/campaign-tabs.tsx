import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { useCan } from '#renderer/blocks/use-can.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { entities } from '#shared/entities/registry.ts';

export type CampaignTab = 'list' | 'templates' | 'suppressions';
const paths: Readonly<Record<CampaignTab, string>> = {
  list: '/campaigns',
  templates: '/campaigns/templates',
  suppressions: '/campaigns/suppressions',
};

/** The parts of campaigns, on top of each of them. */
export function CampaignTabs(props: { readonly current: CampaignTab }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const mayPublish = useMayPublish();
  const tabs: readonly CampaignTab[] = mayPublish ? ['list', 'templates', 'suppressions'] : ['list', 'templates'];
  return (
    <SegmentedControl
      size="xs"
      aria-label={t('campaigns.tabs.label')}
      value={props.current}
      onChange={(tab) => void navigate(paths[tab])}
      data={tabs.map((value) => ({ value, label: t(`campaigns.tabs.${value}`) }))}
    />
  );
}

/** Sending, holding up and ending this one: the server asks for both, so a button is offered with both. */
export function useMaySend(record: LocalRecord): boolean {
  const can = useCan();
  const mayPublish = useMayPublish();
  return mayPublish && can('update', entities.campaign, record);
}

export function useMayPublish(): boolean {
  return useAppSelector(
    ({ device }) =>
      device.viewAs === null &&
      device.session?.status === 'signedIn' &&
      device.session.actor.permissions.includes('campaign.publish'),
  );
}
