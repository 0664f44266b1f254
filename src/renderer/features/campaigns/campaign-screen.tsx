// One campaign: while it is a draft it is written here, afterwards its course and its figures are shown.
import { IconSpeakerphone } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useIsFirstSync } from '#renderer/blocks/use-first-sync.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { CampaignEditor } from '#renderer/features/campaigns/campaign-editor.tsx';
import { CampaignReport } from '#renderer/features/campaigns/campaign-report.tsx';
import { stateOf } from '#renderer/features/campaigns/campaign-words.ts';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { Page } from '#renderer/ui/page.tsx';
import { entities } from '#shared/entities/registry.ts';

export function CampaignScreen() {
  const { t } = useTranslation();
  const can = useCan();
  const navigate = useNavigate();
  const isFirstSync = useIsFirstSync();
  const { id = '' } = useParams();
  const { data } = useLive('record', { entity: 'campaign', id });
  const record = data?.record ?? null;
  if (data === undefined || (record === null && isFirstSync)) return null;
  if (record === null) {
    return (
      <Page title={t('campaigns.title')}>
        <EmptyState
          icon={<IconSpeakerphone size={28} stroke={1.4} />}
          title={t('campaigns.gone')}
          text={t('campaigns.goneText')}
          action={{ label: t('campaigns.all'), onClick: () => void navigate('/campaigns') }}
        />
      </Page>
    );
  }
  return stateOf(record) === 'draft' && can('update', entities.campaign, record) ? (
    <CampaignEditor key={record.id} record={record} />
  ) : (
    <CampaignReport key={record.id} record={record} />
  );
}
