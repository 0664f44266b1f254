import type { ReactNode } from 'react';
import classes from './panel.module.css';

/** A titled surface on the canvas. */
export function Panel(props: {
  readonly title?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  readonly isFlush?: boolean;
}) {
  return (
    <section className={classes.panel}>
      {props.title === undefined ? null : (
        <header className={classes.header}>
          <h2 className={classes.title}>{props.title}</h2>
          <div className={classes.actions}>{props.actions}</div>
        </header>
      )}
      <div className={props.isFlush === true ? classes.flush : classes.body}>{props.children}</div>
    </section>
  );
}
