// The theme with the accent of an organization, in light and in dark.
import type { CSSVariablesResolver, MantineColorsTuple, MantineThemeOverride } from '@mantine/core';
import { theme } from '#renderer/ui/theme.ts';
import { lookOfAccent, type AccentLook } from '#shared/brand/accent.ts';

/** The look with the accent of an organization; null: with the usual one. */
export function themeOf(accent: string | null): MantineThemeOverride {
  if (accent === null) return theme;
  const look = lookOfAccent(accent);
  const shades = look.shades as MantineColorsTuple;
  return { ...theme, colors: { ...theme.colors, accent: shades }, other: { look } };
}

/** What theme.css says of the accent, where an organization has its own. */
export const variablesOfTheme: CSSVariablesResolver = ({ other }) => {
  const look = other['look'] as AccentLook | undefined;
  const variables = (scheme: 'light' | 'dark'): Record<string, string> =>
    look === undefined ? {} : { '--op-accent-text': look[scheme].text, '--op-selected': look[scheme].selected };
  return { variables: {}, light: variables('light'), dark: variables('dark') };
};
