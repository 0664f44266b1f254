import classes from './pivot.module.css';

const STEP = ' › ';

/** “Account › Owner › Manager”: when it is too long for its place, what it ends in stays, which tells it from others. */
export function PathText(props: { readonly text: string }) {
  const { text } = props;
  const at = text.lastIndexOf(STEP);
  return (
    <span className={classes.path}>
      {at < 0 ? null : <span className={classes.pathStart}>{text.slice(0, at)}</span>}
      <span className={classes.pathEnd}>{at < 0 ? text : text.slice(at)}</span>
    </span>
  );
}
