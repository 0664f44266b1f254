import { Alert } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './jobs.module.css';

/** One part of the window: its name, what it is, and what went wrong. */
export function Part(props: {
  readonly name: 'list' | 'kinds' | 'plans' | 'backups';
  readonly errors: readonly (string | null)[];
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <>
      <header className={classes.head}>
        <div>
          <h1>{t(`localJobs.parts.${props.name}`)}</h1>
          <p className={classes.lead}>{t(`localJobs.leads.${props.name}`)}</p>
        </div>
        <div className={classes.buttons}>{props.actions}</div>
      </header>
      {props.errors
        .filter((error) => error !== null)
        .map((error) => (
          <Alert key={error} color="yellow" mb="md" role="alert">
            {error}
          </Alert>
        ))}
      {props.children}
    </>
  );
}
