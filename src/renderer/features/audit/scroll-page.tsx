import { Alert } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './audit.module.css';

/** A page of the window: its title, what it is for, what is wrong with it, and what it holds. */
export function ScrollPage(props: {
  readonly title: string;
  readonly text?: string;
  readonly error: string | null;
  readonly children: ReactNode;
}) {
  return (
    <div
      className={classes.page}
      // It scrolls, and may hold nothing to focus.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      role="region"
      aria-label={props.title}
    >
      <h1>{props.title}</h1>
      {props.text === undefined ? null : <p className={classes.lead}>{props.text}</p>}
      {props.error === null ? null : (
        <Alert color="yellow" mb="md" role="alert">
          {props.error}
        </Alert>
      )}
      {props.children}
    </div>
  );
}
