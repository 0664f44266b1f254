import { Anchor } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useLive } from '#renderer/data/use-data.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { isJsonEqual } from '#shared/kernel/json.ts';

/** How to take a change back, and how the record looks as long as there is something to take back. */
export interface Undo {
  readonly command: string;
  readonly input: unknown;
  readonly entity: EntityName;
  readonly id: string;
  /** Values the change left; null: the change deleted the record. */
  readonly left: Readonly<Record<string, unknown>> | null;
}

/** Offers to undo while the record stands as the change left it. Once it is another one, says so instead. */
export function UndoLink(props: { readonly undo: Undo; readonly onUndo: () => void }) {
  const { t } = useTranslation();
  const { entity, id, left } = props.undo;
  const { data } = useLive('record', { entity, id });
  const record = data?.record;
  const isMeaningless =
    left === null
      ? record !== undefined && record !== null
      : record === null ||
        (record !== undefined &&
          Object.entries(left).some(([field, value]) => !isJsonEqual(record[field] ?? null, value)));
  if (isMeaningless) return <span className="op-muted">{t('common.undoGone')}</span>;
  return (
    <Anchor component="button" size="sm" onClick={props.onUndo}>
      {t('common.undo')}
    </Anchor>
  );
}
