// The colours of the theme as a chart needs them, so that light, dark and high contrast differ in theme.css only.
import { PALETTE_SIZE, type ChartLook } from '#shared/charts/chart-look.ts';

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
