import { IconEyeOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { useDefinitions } from '#renderer/app/store/definitions.ts';
import { entityOfList } from '#renderer/blocks/record-paths.ts';
import { useLive, usePrepared } from '#renderer/data/use-data.ts';
import { hasTimeline, RecordPage } from '#renderer/features/records/record-page.tsx';
import { firstQuestion } from '#renderer/features/records/timeline/timeline.tsx';
import { EmptyState } from '#renderer/ui/empty-state.tsx';

/** The page of one record; a record that is absent, deleted or out of sight all look the same. */
export function RecordScreen() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const definitions = useDefinitions();
  const { list = '', id = '' } = useParams();
  const entity = entityOfList(list);
  // Before the record, so that it is there when the record is, and both are painted at once.
  usePrepared('timeline', entity === null || !hasTimeline(entity) ? null : firstQuestion(entity, id));
  const { data, isCurrent } = useLive('record', entity === null ? null : { entity, id });
  if (entity === null || (isCurrent && data?.record === null)) {
    return (
      <EmptyState
        icon={<IconEyeOff size={32} stroke={1.4} />}
        title={t('record.notAvailable')}
        text={t('record.notAvailableText')}
        action={{ label: t('record.backToList'), onClick: () => void navigate(entity === null ? '/home' : `/${list}`) }}
      />
    );
  }
  if (data?.record === null || data?.record === undefined || data.record.id !== id) return null;
  return <RecordPage key={id} definition={definitions[entity]} record={data.record} labels={data.labels} />;
}
