// How a chart looks: colours of the theme, so that light, dark and high contrast differ in theme.css only, and words and
// numbers as the user reads them.
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

/** Calls back when light, dark or contrast changed on the page, after its colours did. Returns how to stop. */
export function watchLook(onChange: () => void): () => void {
  const observer = new MutationObserver(onChange);
  observer.observe(document.documentElement, { attributeFilter: ['data-mantine-color-scheme'] });
  const queries = ['(prefers-reduced-motion: reduce)', '(prefers-contrast: more)'].map((query) => matchMedia(query));
  for (const query of queries) query.addEventListener('change', onChange);
  return () => {
    observer.disconnect();
    for (const query of queries) query.removeEventListener('change', onChange);
  };
}

/** Reads the look from the page as it is now. */
export function readChartLook(): ChartLook {
  return {
    ...readLook(document.documentElement),
    isStill: matchMedia('(prefers-reduced-motion: reduce)').matches,
    isPatterned: matchMedia('(prefers-contrast: more)').matches,
    isPaper: false,
  };
}

/** How charts look on paper, whatever the page looks like: theme.css knows the light colors by this mark, too. */
export function readPaperLook(): ChartLook {
  const probe = document.createElement('div');
  probe.dataset['paper'] = '';
  probe.hidden = true;
  document.body.append(probe);
  try {
    return { ...readLook(probe), isStill: true, isPatterned: false, isPaper: true };
  } finally {
    probe.remove();
  }
}

function readLook(element: HTMLElement): Omit<ChartLook, 'isStill' | 'isPatterned' | 'isPaper'> {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(`--op-${name}`).trim();
  return {
    palette: Array.from({ length: PALETTE_SIZE }, (_none, index) => colour(`chart-${String(index + 1)}`)),
    text: colour('text'),
    muted: colour('text-muted'),
    line: colour('border'),
    surface: colour('surface'),
    good: colour('chart-3'),
    bad: colour('chart-4'),
    // It becomes part of an attribute: with other quotes a saved drawing would be no document.
    fontFamily: getComputedStyle(document.body).fontFamily.replaceAll('"', "'"),
  };
}
