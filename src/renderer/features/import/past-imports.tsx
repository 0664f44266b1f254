import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { useUndoImport } from '#renderer/features/import/use-undo-import.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import { entities, entityOf } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './import.module.css';

/** Imports made before, newest first; each can still be undone as a whole. */
export function PastImports() {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useNames();
  const { data } = useLive('list', {
    entity: 'importJob',
    sort: [{ field: 'createdAt', direction: 'desc' }],
    offset: 0,
    limit: 20,
  });
  if (data === undefined || data.total === 0) return null;
  return (
    <div className={classes.wide} style={{ marginTop: 24 }}>
      <Panel title={t('import.past')}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t('import.file')}</th>
              <th scope="col">{t('import.importAs')}</th>
              <th scope="col">{t('import.when')}</th>
              <th scope="col">{t('import.did.created')}</th>
              <th scope="col">{t('import.did.updated')}</th>
              <th scope="col">{t('import.did.failed')}</th>
              <th scope="col">{t('import.stateTitle')}</th>
            </tr>
          </thead>
          <tbody>
            {data.rows.map((row) => (
              <tr key={row.id}>
                <td>{textOf(row['fileName'])}</td>
                <td>{names.entities(entityOf(textOf(row['entity'])) ?? entities.contact)}</td>
                <td>{format.instant(row.createdAt)}</td>
                <td className="op-number">{format.number(Number(row['createdCount'] ?? 0))}</td>
                <td className="op-number">{format.number(Number(row['updatedCount'] ?? 0))}</td>
                <td className="op-number">{format.number(Number(row['failedCount'] ?? 0))}</td>
                <td>
                  <StateOfImport importId={row.id} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Panel>
    </div>
  );
}

/** What is stored as running may have broken off with the application: the data host knows who is at work. */
function StateOfImport(props: { readonly importId: string }) {
  const { t } = useTranslation();
  const undo = useUndoImport();
  const { data } = useLive('importProgress', { importId: props.importId });
  if (data === null || data === undefined) return null;
  return (
    <span className={classes.state}>
      {data.state === 'done' ? null : t(`import.state.${data.state}`)}
      {data.state === 'done' || data.state === 'failed' ? (
        <Button size="compact-xs" variant="default" onClick={() => undo(props.importId)}>
          {t('import.undo')}
        </Button>
      ) : null}
    </span>
  );
}
