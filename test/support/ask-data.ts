// Reads what a window could show, by the protocol every window speaks with the data host. A test compares values with
// it exactly, where a screen would show them formatted. It only asks; changes are made on the screens.
import type { Page } from 'playwright';
import { channelOfClient, HUB_CHANNEL, lockOfClient } from '#renderer/data/channel-messages.ts';
import type {
  DataAnswer,
  DataRequests,
  ListResult,
  LiveName,
  LiveQueries,
  LocalRecord,
  RequestName,
} from '#renderer/data/data-contract.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import type { Filter, Sort } from '#shared/query/filter.ts';

interface Question {
  readonly clientId: string;
  readonly hub: string;
  readonly channel: string;
  readonly lock: string;
  readonly message: Readonly<Record<string, unknown>>;
  readonly deadlineMs: number;
}

/** Runs in the page: joins as a client of its own, asks once, leaves. */
function askOnce(question: Question): Promise<unknown> {
  const hub = new BroadcastChannel(question.hub);
  const channel = new BroadcastChannel(question.channel);
  return navigator.locks.request(
    question.lock,
    () =>
      new Promise((resolve, reject) => {
        const limit = setTimeout(() => {
          hub.close();
          channel.close();
          reject(new Error('the data host did not answer'));
        }, question.deadlineMs);
        channel.onmessage = ({ data }: MessageEvent<{ t: string; answer?: unknown; patch?: { fresh: unknown[] } }>) => {
          if (data.t === 'welcome') channel.postMessage(question.message);
          else {
            clearTimeout(limit);
            hub.close();
            channel.close();
            const { patch } = data;
            resolve(patch === undefined ? data.answer : { ok: true, value: { ...patch, rows: patch.fresh } });
          }
        };
        const greet = (): void => hub.postMessage({ t: 'hello', clientId: question.clientId });
        // After a start the data host may come later than the window.
        hub.onmessage = ({ data }: MessageEvent<{ t: string }>) => {
          if (data.t === 'host') greet();
        };
        greet();
      }),
  );
}

let asked = 0;

async function ask(page: Page, message: Readonly<Record<string, unknown>>): Promise<unknown> {
  asked += 1;
  const clientId = `test-${asked}`;
  const question = {
    clientId,
    hub: HUB_CHANNEL,
    channel: channelOfClient(clientId),
    lock: lockOfClient(clientId),
    message,
    deadlineMs: 30_000,
  };
  const answer = (await page.evaluate(askOnce, question)) as DataAnswer<unknown>;
  if (!answer.ok) throw new Error(`the data host refused ${JSON.stringify(message)}: ${answer.error.message}`);
  return answer.value;
}

/** The first answer of a live question. */
export async function askLive<Name extends LiveName>(
  page: Page,
  name: Name,
  query: LiveQueries[Name]['query'],
): Promise<LiveQueries[Name]['result']> {
  return (await ask(page, { t: 'watch', id: 1, name, query })) as LiveQueries[Name]['result'];
}

export async function request<Name extends RequestName>(
  page: Page,
  name: Name,
  input: DataRequests[Name]['input'],
): Promise<DataRequests[Name]['output']> {
  return (await ask(page, { t: 'request', id: 1, name, input })) as DataRequests[Name]['output'];
}

export function readList(
  page: Page,
  entity: EntityName,
  options: { readonly filter?: Filter; readonly sort?: readonly Sort[]; readonly limit?: number } = {},
): Promise<ListResult> {
  const { filter, sort = [{ field: 'createdAt', direction: 'desc' }], limit = 200 } = options;
  return askLive(page, 'list', { entity, sort, offset: 0, limit, ...(filter === undefined ? {} : { filter }) });
}

export async function readRecord(page: Page, entity: EntityName, id: string): Promise<LocalRecord | null> {
  return (await askLive(page, 'record', { entity, id })).record;
}
