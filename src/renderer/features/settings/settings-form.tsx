import { Alert, Button, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useTypedForm } from '#renderer/blocks/typed-forms.ts';
import classes from './settings.module.css';

interface SettingsFormProps {
  readonly title: string;
  readonly lead: string;
  /** Why the last try to save failed, in the user's words. */
  readonly error?: string | null;
  readonly isDone: boolean;
  /** What stands in the fields is valid, and other than what is kept. */
  readonly canSave: boolean;
  readonly onSave: () => Promise<void>;
  /** What is said when it is saved; by default that every computer learns of it. */
  readonly doneText?: string;
  /** What stands now, before the fields. */
  readonly facts?: ReactNode;
  readonly children: ReactNode;
}

/** A few values that are saved together. Several forms stand on one page: each button says which values it saves. */
export function SettingsForm(props: SettingsFormProps) {
  const { t } = useTranslation();
  useTypedForm(props.canSave);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void props.onSave();
      }}
    >
      <Text size="sm" fw={540} component="h2">
        {props.title}
      </Text>
      <p className={classes.lead}>{props.lead}</p>
      {props.facts}
      {(props.error ?? null) === null ? null : (
        <Alert color="yellow" mb="md" role="alert">
          {props.error}
        </Alert>
      )}
      <Group align="flex-end" gap="sm">
        {props.children}
        <Button
          type="submit"
          size="sm"
          disabled={!props.canSave}
          aria-label={t('settings.offline.saveNamed', { what: props.title })}
        >
          {t('settings.offline.save')}
        </Button>
      </Group>
      <p role="status">{props.isDone ? (props.doneText ?? t('settings.offline.saved')) : ''}</p>
    </form>
  );
}
