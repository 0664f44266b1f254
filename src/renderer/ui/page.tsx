import type { ReactNode } from 'react';
import classes from './page.module.css';

/** The frame of every screen: a header that stays, and a body that scrolls. */
export function Page(props: {
  readonly title: ReactNode;
  readonly subtitle?: ReactNode;
  readonly actions?: ReactNode;
  readonly toolbar?: ReactNode;
  readonly children: ReactNode;
  /** The body fills the height and scrolls by itself (grids, boards). */
  readonly isFilled?: boolean;
}) {
  return (
    <section className={classes.page}>
      <header className={classes.header}>
        <div className={classes.titles}>
          <h1 className={classes.title}>{props.title}</h1>
          {props.subtitle === undefined ? null : <div className={classes.subtitle}>{props.subtitle}</div>}
        </div>
        <div className={classes.actions}>{props.actions}</div>
      </header>
      {props.toolbar === undefined ? null : <div className={classes.toolbar}>{props.toolbar}</div>}
      <div className={props.isFilled === true ? classes.filled : classes.body}>{props.children}</div>
    </section>
  );
}
