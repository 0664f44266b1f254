import { Alert, Button } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readTableFile, type ReadFile } from '#renderer/features/import/read-table-file.ts';
import { toOutpostError } from '#shared/kernel/errors.ts';
import classes from './import.module.css';

export function FileStep(props: { readonly onFile: (file: ReadFile) => void }) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const [error, setError] = useState<string | null>(null);
  const [isOver, setOver] = useState(false);

  async function read(file: File | undefined): Promise<void> {
    if (file === undefined) return;
    setError(null);
    try {
      props.onFile(await readTableFile(file));
    } catch (failure) {
      const known = toOutpostError(failure);
      const { reason } = known.details;
      const why = typeof reason === 'string' ? reason : 'other';
      setError(t(`import.fileErrors.${why}`, { defaultValue: known.message }));
    }
  }

  return (
    <div className={classes.narrow}>
      {error === null ? null : (
        <Alert color="red" mb="sm" role="alert">
          {error}
        </Alert>
      )}
      {/* Dropping is a shortcut; the button below does the same by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <section
        className={classes.drop}
        data-over={isOver}
        aria-label={t('import.dropHere')}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          void read(event.dataTransfer.files[0]);
        }}
      >
        <IconFileImport size={34} stroke={1.4} aria-hidden />
        <strong>{t('import.dropHere')}</strong>
        <span className="op-muted">{t('import.dropText')}</span>
        <Button onClick={() => input.current?.click()}>{t('import.chooseFile')}</Button>
        <input
          ref={input}
          type="file"
          accept=".csv,.tsv,.txt,text/csv"
          hidden
          aria-label={t('import.chooseFile')}
          data-testid="import-file"
          onChange={(event) => {
            void read(event.currentTarget.files?.[0]);
            event.currentTarget.value = '';
          }}
        />
      </section>
    </div>
  );
}
