import { Button, Group, Progress } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useLive } from '#renderer/data/use-data.ts';
import { Counts } from '#renderer/features/import/counts.tsx';
import { useUndoImport } from '#renderer/features/import/use-undo-import.ts';
import { RowErrors } from '#renderer/features/import/row-errors.tsx';
import classes from './import.module.css';

/** Progress while it runs, then what became of every row, with one click to take all of it back. */
export function RunStep(props: { readonly importId: string; readonly onAgain: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const undo = useUndoImport();
  const { data } = useLive('importProgress', { importId: props.importId });
  if (data === null || data === undefined) return null;
  const percent = data.total === 0 ? 100 : Math.round((data.read / data.total) * 100);
  const isBusy = data.state === 'running' || data.state === 'undoing';
  return (
    <div className={classes.wide}>
      <h2 role="status" data-testid="import-state" data-state={data.state}>
        {t(`import.state.${data.state}`)}
      </h2>
      {isBusy ? <Progress value={percent} animated aria-label={t('import.progress')} mb="md" /> : null}
      <Counts
        read={data.read}
        created={data.created}
        updated={data.updated}
        skipped={data.skipped}
        failed={data.failed}
      />
      {data.state === 'undone' ? (
        <RowErrors
          errors={data.rowErrors}
          entity={data.entity}
          title={t('import.notTakenBack', { count: data.rowErrors.length })}
        />
      ) : (
        <RowErrors errors={data.rowErrors} entity={data.entity} title={t('import.rowErrors', { count: data.failed })} />
      )}
      <Group gap="xs" mt="md">
        {data.state === 'done' || data.state === 'failed' ? (
          <Button variant="default" color="red" onClick={() => undo(props.importId)}>
            {t('import.undo')}
          </Button>
        ) : null}
        <Button variant="default" disabled={isBusy} onClick={props.onAgain}>
          {t('import.another')}
        </Button>
        <Button disabled={isBusy} onClick={() => void navigate('/home')}>
          {t('import.finish')}
        </Button>
      </Group>
    </div>
  );
}
