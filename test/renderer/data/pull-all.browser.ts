// The first pull as a page does it alone: pages of the real server over HTTP, checked as the main process checks them, into
// the sealed local database of the product. While one page is written the next is fetched, as the sync engine does.
import { Compile } from 'typebox/compile';
import { createPageSize } from '#main/sync/page-size.ts';
import { actor, createFakeJournal, newProfileId, openService } from '#test/renderer/data/data-fixture.ts';
import { PullResponseSchema, type PullResponse } from '#shared/sync/messages.ts';
import { PROTOCOL_VERSION } from '#shared/sync/operation.ts';

/** Written into the page by the bench. */
interface PullFrom {
  readonly url: string;
  readonly accessToken: string;
}

export const cases: Record<string, () => Promise<unknown>> = {
  'pull everything': async () => {
    const { url, accessToken } = (globalThis as unknown as { pullFrom: PullFrom }).pullFrom;
    const validator = Compile(PullResponseSchema);
    const pageSize = createPageSize({ now: () => Date.now() });
    const fetchPage = (token: string | null): Promise<PullResponse> =>
      pageSize.measure(
        (items) => askFor(token, items),
        () => false,
      );
    async function askFor(token: string | null, wantItems: number): Promise<PullResponse> {
      const response = await fetch(`${url}/sync/v1/pull`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
        body: JSON.stringify({ protocol: PROTOCOL_VERSION, token, wantItems }),
      });
      const page: unknown = await response.json();
      if (!validator.Check(page)) throw new Error(`no page: ${String(response.status)}`);
      return page;
    }
    const service = openService(createFakeJournal());
    const storageKey = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))));
    const profileId = newProfileId();
    await service.handle({ kind: 'openProfile', profileId, actor, storageKey });
    const startedMs = performance.now();
    let documents = 0;
    let after: string | null = null;
    let next = fetchPage(null);
    for (;;) {
      const page = await next;
      if (!page.caughtUp) next = fetchPage(page.token);
      const { items, token, caughtUp, snapshotStart } = page;
      await service.handle({ kind: 'applyPage', after, items, token, caughtUp, snapshotStart: snapshotStart === true });
      after = token;
      documents += items.length;
      if (caughtUp) break;
    }
    const ms = performance.now() - startedMs;
    await service.handle({ kind: 'wipe', profileId });
    return { ms, documents };
  },
};
