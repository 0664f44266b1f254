// A colour, typed, taken from the picker of the system, or one of a few.
import { ColorSwatch, Group, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './brand.module.css';

export const USUAL_ACCENT = '#5066e0';
const SOME = [USUAL_ACCENT, '#0e7490', '#15803d', '#b45309', '#be123c', '#9333ea', '#475569'];

export function AccentInput(props: {
  /** As it was typed. */
  readonly value: string;
  /** Null: none was chosen, or what was typed is no colour. */
  readonly color: string | null;
  readonly error: string | null;
  readonly isReadOnly: boolean;
  readonly onChange: (value: string) => void;
}) {
  const { t } = useTranslation();
  return (
    <div>
      <TextInput
        label={t('settings.brand.accent')}
        description={t('settings.brand.accentText')}
        placeholder={USUAL_ACCENT}
        value={props.value}
        error={props.error}
        disabled={props.isReadOnly}
        maxLength={7}
        onChange={(event) => props.onChange(event.currentTarget.value)}
        rightSection={
          <input
            type="color"
            className={classes.picker}
            aria-label={t('settings.brand.pick')}
            value={props.color ?? USUAL_ACCENT}
            disabled={props.isReadOnly}
            onChange={(event) => props.onChange(event.currentTarget.value)}
          />
        }
      />
      <Group gap={6} mt={8} role="group" aria-label={t('settings.brand.some')}>
        {SOME.map((color) => (
          <ColorSwatch
            key={color}
            component="button"
            type="button"
            color={color}
            size={22}
            radius={6}
            withShadow={false}
            disabled={props.isReadOnly}
            aria-label={color}
            aria-pressed={color === props.color}
            className={classes.swatch ?? ''}
            onClick={() => props.onChange(color)}
          />
        ))}
      </Group>
    </div>
  );
}
