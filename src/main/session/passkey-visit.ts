// One visit of the system's browser to the page of a passkey.
import { waitForVisit } from '#main/session/loopback-visit.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { PASSKEY_PATH, type BrowserBack, type PageAddress } from '#shared/sync/sign-in-messages.ts';

/** As long as the page works. */
const VISIT_LIMIT_MS = 5 * 60_000;

export interface PasskeyVisit {
  /** Tells the server where the browser comes back to. */
  readonly begin: (back: BrowserBack) => Promise<PageAddress>;
  readonly openExternal: (url: string) => Promise<void>;
  readonly signal: AbortSignal;
}

/** What the page hands over. Throws `cancelled`, `challenge_over`, and what the server refuses with. */
export async function visitPasskeyPage({ begin, openExternal, signal }: PasskeyVisit): Promise<string> {
  const query = await waitForVisit(async ({ port, secret }) => {
    const page = new URL((await begin({ port, secret })).url);
    assertPage(page);
    // The page says in the person's language that it is done.
    const reply = { status: 302, headers: { location: `${page.origin}${PASSKEY_PATH}#done` } };
    return {
      limitMs: VISIT_LIMIT_MS,
      tooLate: new OutpostError('challenge_over', 'This took too long. Begin once more.'),
      open: () => openExternal(page.href),
      replyTo: (shown) => ((shown.get('code') ?? '') === '' ? null : reply),
    };
  }, signal);
  return query.get('code') ?? '';
}

/** Only a page of the web is opened, or one of this computer, whatever a server answers. */
function assertPage({ protocol, hostname, username, password, pathname }: URL): void {
  const isWeb = protocol === 'https:' || (protocol === 'http:' && hostname === 'localhost');
  if (!isWeb || username !== '' || password !== '' || pathname !== PASSKEY_PATH)
    throw new OutpostError('wrong_answer', 'The server answered with an address that is not opened.');
}
