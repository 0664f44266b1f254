import type { DataClient, ListResult, LocalRecord } from '#renderer/data/data-contract.ts';
import { fromErrorData } from '#shared/kernel/errors.ts';

const PAGE = 1000;

/** All accounts of this device, page by page, once. Ends early with what it has when nobody waits for it any more. */
export async function readAccounts(client: DataClient, signal: AbortSignal): Promise<readonly LocalRecord[]> {
  const found: LocalRecord[] = [];
  for (let offset = 0; !signal.aborted; offset += PAGE) {
    const page = await readPage(client, offset);
    found.push(...page.rows);
    if (found.length >= page.total || page.rows.length === 0) break;
  }
  return found;
}

function readPage(client: DataClient, offset: number): Promise<ListResult> {
  return new Promise((resolve, reject) => {
    const query = { entity: 'account', sort: [{ field: 'name', direction: 'asc' }], offset, limit: PAGE } as const;
    const stop = client.watch('list', query, (answer) => {
      queueMicrotask(() => stop());
      if (answer.ok) resolve(answer.value);
      else reject(fromErrorData(answer.error));
    });
  });
}
