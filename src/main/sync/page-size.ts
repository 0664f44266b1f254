// How many records a page is asked for. Large pages cost less for each record; on a slow line they would never arrive within
// the time a request is given. So a page that came fast makes the next one larger, a slow or failed one makes it smaller.
import type { Clock } from '#shared/kernel/ports.ts';

const FIRST_ITEMS = 1_000;
const FEWEST_ITEMS = 100;
const MOST_ITEMS = 4_000;
const FAST_MS = 1_500;
const SLOW_MS = 8_000;

export interface PageSize {
  /** Runs one request for a page; what it takes decides about the next. */
  measure<Page>(ask: (items: number) => Promise<Page>, isGivenUp: () => boolean): Promise<Page>;
}

export function createPageSize(clock: Clock): PageSize {
  let items = FIRST_ITEMS;
  const scale = (factor: number): void => {
    items = Math.min(MOST_ITEMS, Math.max(FEWEST_ITEMS, Math.round(items * factor)));
  };
  return {
    async measure(ask, isGivenUp) {
      const startedMs = clock.now();
      try {
        const page = await ask(items);
        const tookMs = clock.now() - startedMs;
        if (tookMs < FAST_MS) scale(2);
        else if (tookMs > SLOW_MS) scale(0.5);
        return page;
      } catch (error) {
        // Given up by ourselves: that says nothing about the line.
        if (!isGivenUp()) scale(0.25);
        throw error;
      }
    },
  };
}
