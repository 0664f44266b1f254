import { Alert } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './operations.module.css';

/** One part of the window: its name, what it is, what went wrong with asking, and what was found. */
export function Part(props: {
  readonly name: string;
  readonly error: string | null;
  /** Something was found before; it stays. */
  readonly hasAnswer: boolean;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <>
      <header className={classes.head}>
        <div>
          <h1>{t(`operations.parts.${props.name}`)}</h1>
          <p className={classes.lead}>{t(`operations.leads.${props.name}`)}</p>
        </div>
        <div className={classes.buttons}>{props.actions}</div>
      </header>
      {props.error === null ? null : (
        <Alert color="yellow" mb="md" role="alert">
          {props.error} {props.hasAnswer ? t('operations.lastSeen') : null}
        </Alert>
      )}
      {props.children}
    </>
  );
}

/** A number with its name; `tone` repeats what the words say. */
export function Tile(props: {
  readonly name: string;
  readonly children: ReactNode;
  readonly tone?: 'good' | 'warn' | 'danger';
  readonly note?: string;
}) {
  return (
    <div className={classes.tile} data-tone={props.tone}>
      <dt>{props.name}</dt>
      <dd data-selectable>
        {props.children}
        {props.note === undefined ? null : <span className={classes.note}>{props.note}</span>}
      </dd>
    </div>
  );
}
