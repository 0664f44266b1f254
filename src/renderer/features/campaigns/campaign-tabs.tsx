import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useAppSelector } from '#renderer/app/store/store.ts';

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

export function useMayPublish(): boolean {
  return useAppSelector(
    ({ device }) =>
      device.viewAs === null &&
      device.session?.status === 'signedIn' &&
      device.session.actor.permissions.includes('campaign.publish'),
  );
}
