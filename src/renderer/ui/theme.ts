// The look: one accent colour (the organization's own, where it chose one), one type scale, an 8-point grid. Colours that carry meaning are CSS variables in
// theme.css, so that light, dark and high contrast differ in one place.
import { createTheme, type MantineColorsTuple } from '@mantine/core';

const accent: MantineColorsTuple = [
  '#eef1ff',
  '#dfe4fd',
  '#bcc6f8',
  '#97a6f4',
  '#778af0',
  '#6379ed',
  '#5066e0',
  '#4357c7',
  '#394bb0',
  '#2c3c98',
];

const slate: MantineColorsTuple = [
  '#d3d6de',
  '#b4b9c6',
  '#8d93a3',
  '#5d6373',
  '#3b404d',
  '#2b2f3a',
  '#1d2029',
  '#16181f',
  '#111319',
  '#0b0c10',
];

export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: 6,
  colors: { accent, dark: slate },
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, monospace',
  fontSizes: { xs: '11.5px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '1.35', sm: '1.4', md: '1.45', lg: '1.4', xl: '1.3' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '12px', xl: '20px' },
  defaultRadius: 'sm',
  headings: {
    fontWeight: '600',
    sizes: { h1: { fontSize: '20px' }, h2: { fontSize: '16px' }, h3: { fontSize: '14px' } },
  },
  cursorType: 'default',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'xs' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 'md' } },
    TextInput: { defaultProps: { size: 'sm' } },
    NumberInput: { defaultProps: { size: 'sm', hideControls: true } },
    Select: { defaultProps: { size: 'sm', comboboxProps: { shadow: 'md' } } },
    Textarea: { defaultProps: { size: 'sm' } },
    // The placeholder is a child of the menu that is no item: screen readers would meet a menu with something else in it.
    Menu: { defaultProps: { shadow: 'md', width: 220, withInitialFocusPlaceholder: false } },
    Tooltip: { defaultProps: { openDelay: 400, withArrow: true } },
    Modal: {
      defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.35, blur: 1 } },
      styles: { title: { fontWeight: 600 } },
    },
  },
});
