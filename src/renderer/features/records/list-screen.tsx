import { useParams } from 'react-router';
import { useDefinitions } from '#renderer/app/store/definitions.ts';
import { RecordList } from '#renderer/features/records/record-list.tsx';
import { entityOfList } from '#renderer/blocks/record-paths.ts';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { IconMapOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

/** The list at `/deals`, `/accounts` …; derived from the entity's definition. */
export function ListScreen() {
  const { t } = useTranslation();
  const definitions = useDefinitions();
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
  return <RecordList key={list} list={list} definition={definitions[entity]} />;
}
