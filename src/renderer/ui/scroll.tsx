import type { ReactNode } from 'react';
import classes from './scroll.module.css';

/** A table that may be wider than the window: it scrolls, by keyboard, too. */
export function Scroll(props: { readonly children: ReactNode }) {
  return (
    <div
      className={classes.scroll}
      // It scrolls, and some tables hold nothing to focus.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
    >
      {props.children}
    </div>
  );
}
