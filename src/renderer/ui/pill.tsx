import type { ReactNode } from 'react';
import classes from './pill.module.css';

export type PillTone = 'neutral' | 'accent' | 'good' | 'warn' | 'danger';

/** A small piece of state in words; the colour only repeats what the words say. */
export function Pill(props: {
  readonly tone?: PillTone;
  readonly icon?: ReactNode;
  readonly children: ReactNode;
  readonly title?: string;
}) {
  return (
    <span className={classes.pill} data-tone={props.tone ?? 'neutral'} title={props.title}>
      {props.icon}
      {props.children}
    </span>
  );
}
