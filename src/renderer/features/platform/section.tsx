import { Alert } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Doing } from '#renderer/features/platform/use-platform.ts';
import classes from './platform.module.css';

/** One page of the window: its title, what it is for, what went wrong, and what was done. */
export function Section(props: {
  readonly name: string;
  readonly error: string | null;
  readonly doing?: Doing;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  const { t } = useTranslation();
  const error = props.doing?.error ?? props.error;
  return (
    <section>
      <div className={classes.head}>
        <h1>{t(`platform.${props.name}.title`)}</h1>
        {props.actions}
      </div>
      <p className={classes.lead}>{t(`platform.${props.name}.text`)}</p>
      {error === null ? null : (
        <Alert color="yellow" mb="md" role="alert">
          {error}
        </Alert>
      )}
      {props.children}
      <p role="status" className={classes.done}>
        {props.doing?.done ?? ''}
      </p>
    </section>
  );
}
