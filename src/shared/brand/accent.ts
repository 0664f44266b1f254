// What an accent colour of an organization becomes: shades that can be read in light and in dark. A colour is never taken as it is
// where a text would be too faint on it or in it (WCAG 2.2: 4.5 to 1); it is made darker or lighter until it is not, and whoever
// chose it is told.

/** `#rrggbb`, lower case. */
export const ACCENT = /^#[0-9a-f]{6}$/;

/** Of text (WCAG 1.4.3). */
export const LEAST_CONTRAST = 4.5;

/** What texts of the accent stand on, and what stands on its tints; theme.css has the same. */
export const grounds = {
  light: { surface: '#ffffff', canvas: '#f6f7f9', sidebar: '#f0f1f5', text: '#1a1d24', muted: '#5a6172' },
  dark: { surface: '#181b23', canvas: '#111319', sidebar: '#0d0f14', text: '#e6e8ee', muted: '#a0a6b5' },
} as const;
export type Scheme = keyof typeof grounds;

const [BLACK, WHITE] = ['#000000', '#ffffff'];
const STEP = 0.02;

type Rgb = readonly [number, number, number];

function toRgb(color: string): Rgb {
  const part = (at: number): number => Number.parseInt(color.slice(at, at + 2), 16);
  return [part(1), part(3), part(5)];
}

/** `share` 0: the first, 1: the second. */
export function mix(first: string, second: string, share: number): string {
  const [a, b] = [toRgb(first), toRgb(second)];
  const parts = a.map((value, at) => Math.round(value + ((b[at] ?? 0) - value) * share));
  return `#${parts.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

function luminanceOf(color: string): number {
  const [red, green, blue] = toRgb(color).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** 1 (the same) to 21 (black on white). */
export function contrastOf(first: string, second: string): number {
  const [light, dark] = [luminanceOf(first), luminanceOf(second)].toSorted((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const isReadable = (text: string, ground: string): boolean => contrastOf(text, ground) >= LEAST_CONTRAST;

/** The nearest to a colour on its way to black or white that passes; the end of the way does. */
function firstOnWay(from: string, to: string, isEnough: (color: string) => boolean): string {
  for (let share = 0; share < 1; share += STEP) {
    const color = mix(from, to, share);
    if (isEnough(color)) return color;
  }
  return to;
}

export interface AccentOfScheme {
  /** Of links and of what is chosen. */
  readonly text: string;
  /** Behind what is chosen. */
  readonly selected: string;
}

export interface AccentLook {
  /** What was chosen. */
  readonly chosen: string;
  /** Buttons, with white text on them. */
  readonly fill: string;
  readonly light: AccentOfScheme;
  readonly dark: AccentOfScheme;
  /** From the lightest to the darkest; `fill` is the seventh. */
  readonly shades: readonly string[];
}

/** As strong as the texts on it bear. */
function selectedOf(accent: string, scheme: Scheme, most: number): string {
  const { surface, text, muted } = grounds[scheme];
  for (let share = most; share > 0; share -= STEP) {
    const tint = mix(surface, accent, share);
    if (isReadable(text, tint) && isReadable(muted, tint)) return tint;
  }
  return surface;
}

const MOST_TINT = { light: 0.16, dark: 0.3 } as const;

function ofScheme(accent: string, scheme: Scheme): AccentOfScheme {
  const selected = selectedOf(accent, scheme, MOST_TINT[scheme]);
  const { surface, canvas, sidebar } = grounds[scheme];
  const on = [surface, canvas, sidebar, selected];
  const text = firstOnWay(accent, scheme === 'light' ? BLACK : WHITE, (color) =>
    on.every((ground) => isReadable(color, ground)),
  );
  return { text, selected };
}

/** Buttons of a lighter kind stand in a tenth of their colour. */
const isFill = (color: string): boolean => isReadable(color, mix(WHITE, color, 0.1)) && isReadable(WHITE, color);

/** Everything an accent is shown with. */
export function lookOfAccent(chosen: string): AccentLook {
  const fill = firstOnWay(chosen, BLACK, isFill);
  const dark = ofScheme(chosen, 'dark');
  // The lighter ones are texts in the dark, so they begin where a text can be read.
  const lighter = [0.92, 0.84, 0.66, 0.44, 0.2].map((share) => mix(dark.text, WHITE, share));
  const darker = [0.14, 0.28, 0.42].map((share) => mix(fill, BLACK, share));
  return {
    chosen,
    fill,
    light: ofScheme(chosen, 'light'),
    dark,
    shades: [...lighter, mix(fill, WHITE, 0.12), fill, ...darker],
  };
}

export type AccentChange = 'fill' | 'light' | 'dark';

/** Where the colour itself would be too faint, so that another shade stands there. */
export function changesOfAccent({ chosen, fill, light, dark }: AccentLook): readonly AccentChange[] {
  return [
    ...(fill === chosen ? [] : (['fill'] as const)),
    ...(light.text === chosen ? [] : (['light'] as const)),
    ...(dark.text === chosen ? [] : (['dark'] as const)),
  ];
}
