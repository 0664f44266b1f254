import { Anchor } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { pathOfRecord } from '#renderer/blocks/record-paths.ts';
import { showDone, useCommand } from '#renderer/blocks/use-command.tsx';
import { useIsOnline } from '#renderer/blocks/use-is-online.ts';
import type { DeletedRecord, RestorableKind } from '#shared/sync/deleted-messages.ts';

function pathOf(entity: RestorableKind, id: string): string | null {
  return entity === 'dashboard' ? `/analytics/dashboards/${id}` : pathOfRecord(entity, id);
}

/** Brings records back, kind by kind; answers those that were. What is refused at once is told and stays where it is. */
export function useRestore(): (records: readonly DeletedRecord[]) => Promise<readonly DeletedRecord[]> {
  const { t } = useTranslation();
  const run = useCommand();
  const navigate = useNavigate();
  const isOnline = useIsOnline();

  function tell(restored: readonly DeletedRecord[]): void {
    const [first] = restored;
    if (first === undefined) return;
    const path = restored.length === 1 ? pathOf(first.entity, first.id) : null;
    const title = first.title ?? t('deleted.noTitle');
    // Without a connection it is saved here, and the record comes back later.
    const key = isOnline ? 'deleted.done' : 'deleted.doneLater';
    const done = restored.length === 1 ? t(key, { title }) : t(`${key}Many`, { count: restored.length });
    const closeButtonProps = { 'aria-label': t('common.close') };
    const message = (
      <span>
        {done}{' '}
        {path === null || !isOnline ? null : (
          <Anchor component="button" size="sm" onClick={() => void navigate(path)}>
            {t('deleted.open')}
          </Anchor>
        )}
      </span>
    );
    showDone({ message, closeButtonProps });
  }

  return async (records) => {
    const restored: DeletedRecord[] = [];
    for (const [entity, some] of Map.groupBy(records, (record) => record.entity)) {
      const outcome = await run('restoreRecords', { entity, ids: some.map(({ id }) => id) });
      if (outcome !== null) restored.push(...some);
    }
    tell(restored);
    return restored;
  };
}
