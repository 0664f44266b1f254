import { useTranslation } from 'react-i18next';
import { useLive } from '#renderer/data/use-data.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';

/** The name of a record that an answer did not bring along. */
export function RecordName(props: { readonly entity: EntityName; readonly id: string }) {
  const { t } = useTranslation();
  const { data } = useLive('record', { entity: props.entity, id: props.id });
  if (data === undefined) return null;
  return textOf(data.record?.[entities[props.entity].titleField]) || t('common.notAvailable');
}
