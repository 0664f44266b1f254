import { useTranslation } from 'react-i18next';
import { UndoButton } from '#renderer/blocks/undo-button.tsx';
import { useLive } from '#renderer/data/use-data.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';

/** How to take a change back, and how the records look as long as there is something to take back. */
export interface Undo {
  readonly command: string;
  readonly input: unknown;
  readonly entity: EntityName;
  readonly ids: readonly string[];
  /** Values the change left; null: the change deleted the records. */
  readonly left: Readonly<Record<string, unknown>> | null;
}

/** Offers to undo while records stand as the change left them. Of those that are others by now, it says so instead. */
export function UndoLink(props: { readonly undo: Undo; readonly onUndo: () => void }) {
  const { t } = useTranslation();
  const { entity, ids, left } = props.undo;
  const { data } = useLive('standing', { entity, ids, left });
  const standing = data?.standing ?? ids.length;
  if (standing === 0) return <span className="op-muted">{t('common.undoGone')}</span>;
  return (
    <UndoButton onUndo={props.onUndo}>
      {standing === ids.length ? t('common.undo') : t('common.undoSome', { count: standing, of: ids.length })}
    </UndoButton>
  );
}
