import classes from './facts.module.css';

/** What is known of something, to read: names on the left, what is so on the right. What has no text is left out. */
export function Facts(props: { readonly facts: readonly { readonly name: string; readonly text: string }[] }) {
  return (
    <dl className={classes.facts}>
      {props.facts
        .filter(({ text }) => text !== '')
        .map(({ name, text }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
    </dl>
  );
}
