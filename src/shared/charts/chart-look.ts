// How a chart looks, as data: on a screen it is read from the page, on paper it is always the light one.
export interface ChartLook {
  readonly palette: readonly string[];
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly surface: string;
  readonly good: string;
  readonly bad: string;
  readonly fontFamily: string;
  /** Nothing moves when the user asked for less motion. */
  readonly isStill: boolean;
  /** Marks carry patterns beside colours. */
  readonly isPatterned: boolean;
  /** Nobody can point at it: numbers stand beside their marks. */
  readonly isPaper: boolean;
}

/** A number of the value with this id; short on axes and marks, in full where it is read. */
export type FormatChartNumber = (number: number, value: string, style: 'full' | 'short') => string;

export const PALETTE_SIZE = 8;

/** The light colors of the screen; a test compares them with its style sheet. */
export const paperLook: ChartLook = {
  palette: ['#4357c7', '#db7903', '#0ca1a3', '#9c4311', '#9978e8', '#7d5485', '#172b7b', '#501a10'],
  text: '#1a1d24',
  muted: '#5a6172',
  line: '#e2e5eb',
  surface: '#ffffff',
  good: '#0ca1a3',
  bad: '#9c4311',
  fontFamily: "'Inter Variable', Inter, 'Helvetica Neue', Arial, sans-serif",
  isStill: true,
  isPatterned: false,
  isPaper: true,
};
