import { Button, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { getBridge } from '#renderer/data/bridge.ts';
import classes from './settings.module.css';

/** The way to the window of operations. */
export function OperationsSection() {
  const { t } = useTranslation();
  return (
    <section>
      <Text fw={600} component="h1">
        {t('settings.operations.title')}
      </Text>
      <p className={classes.lead}>{t('settings.operations.text')}</p>
      <Button variant="default" onClick={() => void getBridge().invoke('window.openOperations', {})}>
        {t('settings.operations.open')}
      </Button>
    </section>
  );
}
