import type { ReactNode } from 'react';
import classes from './doctor.module.css';

/** Names and what they are, one below the other. */
export function Facts(props: { readonly children: ReactNode }) {
  return <dl className={classes.facts}>{props.children}</dl>;
}

export function Fact(props: { readonly name: string; readonly children: ReactNode; readonly testId?: string }) {
  return (
    <>
      <dt>{props.name}</dt>
      <dd data-testid={props.testId} data-selectable>
        {props.children}
      </dd>
    </>
  );
}
