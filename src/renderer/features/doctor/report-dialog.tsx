// Before anything is saved it is shown: the text in the box is the file, letter by letter.
import { Alert, Button, Group, Modal } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { saveTextFile } from '#renderer/blocks/save-text-file.ts';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import classes from './doctor.module.css';

export function ReportDialog(props: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [text, setText] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    invokeMain(getBridge(), 'doctor.report', {}).then(
      (report) => setText(report.text),
      (failure: unknown) => setError(errorText(failure)),
    );
  }, [errorText]);

  function save(): void {
    if (text === null) return;
    const stamp = new Date().toISOString().slice(0, 16).replaceAll(/[-:T]/g, '');
    saveTextFile(`outpost-sync-report-${stamp}.json`, 'application/json', text);
    props.onClose();
  }

  return (
    <Modal
      opened
      onClose={props.onClose}
      title={t('doctor.report.title')}
      size={720}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <p className={classes.lead}>{t('doctor.report.contains')}</p>
      <p className={classes.lead}>{t('doctor.report.containsNot')}</p>
      {error === null ? null : (
        <Alert color="yellow" role="alert">
          {error}
        </Alert>
      )}
      <pre
        className={classes.report}
        aria-label={t('doctor.report.preview')}
        data-testid="doctor-report"
        data-selectable
        role="region"
        // It scrolls, and holds nothing to focus.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
      >
        {text ?? ''}
      </pre>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={props.onClose}>
          {t('common.cancel')}
        </Button>
        <Button onClick={save} disabled={text === null}>
          {t('doctor.report.save')}
        </Button>
      </Group>
    </Modal>
  );
}
