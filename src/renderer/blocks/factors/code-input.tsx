import { TextInput } from '@mantine/core';

/** Six figures of an authenticator app, or a recovery code. */
export function CodeInput(props: {
  readonly label: string;
  readonly description?: string;
  readonly value: string;
  readonly isFigures: boolean;
  readonly isFirst: boolean;
  readonly onChange: (value: string) => void;
}) {
  return (
    <TextInput
      label={props.label}
      description={props.description === undefined ? undefined : <span className="op-muted">{props.description}</span>}
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
      autoComplete="one-time-code"
      inputMode={props.isFigures ? 'numeric' : 'text'}
      maxLength={32}
      spellCheck={false}
      autoFocus={props.isFirst}
      required
      styles={{ input: { fontVariantNumeric: 'tabular-nums', letterSpacing: '0.08em' } }}
    />
  );
}
