// Signing in elsewhere, of a desktop of the tests: the browser of the system is a function.
import { createSignInElsewhere, type SignInElsewhere } from '#main/session/sign-in-elsewhere.ts';
import { createExchange } from '#main/sync/exchange.ts';
import { createServerClient } from '#main/sync/server-client.ts';
import type { Desktop } from '#test/support/desktop-world.ts';

/** `browse`: what the person does with the address that opens; nobody waits for it. */
export function signInElsewhereOf(desktop: Desktop, browse: (url: string) => void): SignInElsewhere {
  return createSignInElsewhere({
    client: createServerClient(createExchange(), async () => undefined).sso,
    session: desktop.session,
    openExternal: (url) => {
      browse(url);
      return Promise.resolve();
    },
    words: () => ({
      language: 'en',
      done: 'You are signed in',
      failed: 'This did not work',
      close: 'Close this page.',
    }),
  });
}
