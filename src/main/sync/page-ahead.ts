// While the data host writes a page, the next one is already on its way. A page that nobody came for is forgotten: it may
// hold what the user may not see any more.
import type { PullResponse } from '#shared/sync/messages.ts';

export interface PageAhead {
  /** Asks for the page after this token. */
  ask(token: string, fetchPage: () => Promise<PullResponse>): void;
  /** The page after this token, with whatever went wrong; null when it was not asked for. Gives it away once. */
  take(token: string | null): Promise<PullResponse> | null;
  forget(): void;
}

export function createPageAhead(): PageAhead {
  let waiting: { readonly token: string; readonly answer: Promise<PullResponse> } | null = null;
  return {
    ask(token, fetchPage) {
      const answer = fetchPage();
      // Told to whoever takes it; a forgotten page may fail unheard.
      answer.catch(() => undefined);
      waiting = { token, answer };
    },
    take(token) {
      const answer = waiting?.token === token ? waiting.answer : null;
      waiting = null;
      return answer;
    },
    forget() {
      waiting = null;
    },
  };
}
