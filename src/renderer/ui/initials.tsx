import classes from './initials.module.css';

const hues = ['indigo-8', 'teal-9', 'grape-8', 'red-9', 'cyan-9', 'pink-8', 'blue-9', 'violet-8'] as const;

/** A person as a coloured disc with initials; the name is its accessible label unless it stands beside it. */
export function Initials(props: { readonly name: string; readonly size?: number; readonly isDecorative?: boolean }) {
  const words = props.name.split(/\s+/).filter((word) => word !== '');
  const letters = `${words[0]?.[0] ?? ''}${words.length > 1 ? (words.at(-1)?.[0] ?? '') : ''}`.toUpperCase();
  const sum = Array.from(props.name).reduce((total, char) => total + (char.codePointAt(0) ?? 0), 0);
  const size = props.size ?? 22;
  return (
    <span
      className={classes.disc}
      style={{
        width: size,
        height: size,
        fontSize: size * 0.42,
        background: `var(--mantine-color-${hues[sum % hues.length] ?? 'indigo-8'})`,
      }}
      {...(props.isDecorative === true
        ? { 'aria-hidden': true }
        : { 'aria-label': props.name, role: 'img', title: props.name })}
    >
      {letters === '' ? '–' : letters}
    </span>
  );
}
