import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './empty-state.module.css';

/** What a list says when there is nothing to show: why, and the one thing to do. */
export function EmptyState(props: {
  readonly icon: ReactNode;
  readonly title: string;
  readonly text: string;
  readonly action?: { readonly label: string; readonly onClick: () => void } | undefined;
}) {
  return (
    <div className={classes.root}>
      <div className={classes.icon} aria-hidden>
        {props.icon}
      </div>
      <h2 className={classes.title}>{props.title}</h2>
      <p className={classes.text}>{props.text}</p>
      {props.action === undefined ? null : <Button onClick={props.action.onClick}>{props.action.label}</Button>}
    </div>
  );
}
