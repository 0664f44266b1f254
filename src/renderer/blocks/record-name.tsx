import { useTranslation } from 'react-i18next';
import { useLive } from '#renderer/data/use-data.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { recordTitle } from '#renderer/blocks/record-title.ts';

/** The name of a record that an answer did not bring along. */
export function RecordName(props: { readonly entity: EntityName; readonly id: string }) {
  const { t } = useTranslation();
  const { data } = useLive('record', { entity: props.entity, id: props.id });
  if (data === undefined) return null;
  return recordTitle(data.record) || t('common.notAvailable');
}
