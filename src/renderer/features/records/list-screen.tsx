import { useParams } from 'react-router';
import { RecordList } from '#renderer/features/records/record-list.tsx';
import { entityOfList } from '#renderer/blocks/record-paths.ts';
import { entities } from '#shared/entities/registry.ts';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { IconMapOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

/** The list at `/deals`, `/accounts` …; derived from the entity's definition. */
export function ListScreen() {
  const { t } = useTranslation();
  const { list = '' } = useParams();
  const entity = entityOfList(list);
  if (entity === null)
    return (
      <EmptyState
        icon={<IconMapOff size={32} />}
        title={t('common.noSuchScreen')}
        text={t('common.noSuchScreenText')}
      />
    );
  return <RecordList key={list} list={list} definition={entities[entity]} />;
}
