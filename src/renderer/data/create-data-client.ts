// The window's side of the data host. It finds the host whenever one starts, subscribes again after the host was
// restarted, and never asks twice for something that must happen once.
import { applyBoardPatch, NO_BOARD, type KnownBoard } from '#renderer/data/board-patch.ts';
import {
  channelOfClient,
  HUB_CHANNEL,
  lockOfClient,
  openChannel,
  type ClientMessage,
  type HostMessage,
  type HubMessage,
  type RowsPatch,
} from '#renderer/data/channel-messages.ts';
import type {
  DataAnswer,
  DataClient,
  ListResult,
  LiveName,
  LocalRecord,
  RequestName,
} from '#renderer/data/data-contract.ts';
import type { RolePerson } from '#shared/access/actor-of-role.ts';
import { fromErrorData, OutpostError } from '#shared/kernel/errors.ts';

/** Questions that may be asked again of a new host, because asking changes nothing. */
const repeatable: ReadonlySet<RequestName> = new Set([
  'search',
  'listIds',
  'exportIds',
  'exportRows',
  'describePlaces',
  'listUnread',
  'previewRights',
  'whoSees',
  'describeOwned',
  'databaseState',
]);

interface Watch {
  readonly name: LiveName;
  readonly query: unknown;
  readonly onResult: (answer: DataAnswer<never>) => void;
  rows: Map<string, LocalRecord>;
  board: KnownBoard;
}

interface PendingRequest {
  readonly name: RequestName;
  readonly input: unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: OutpostError) => void;
  sent: boolean;
}

export interface ClosableDataClient extends DataClient {
  close(): void;
}

/** Rebuilds the window of rows; rows that did not change stay the same objects. */
function applyRowsPatch(
  known: ReadonlyMap<string, LocalRecord>,
  patch: RowsPatch,
): { result: ListResult; rows: Map<string, LocalRecord> } {
  const fresh = new Map(patch.fresh.map((row) => [row.id, row]));
  const rows = new Map<string, LocalRecord>();
  for (const id of patch.ids) {
    const row = fresh.get(id) ?? known.get(id);
    if (row !== undefined) rows.set(id, row);
  }
  return { result: { rows: [...rows.values()], total: patch.total, labels: patch.labels }, rows };
}

/**
 * `clientId` must be unique among the windows. Waits for the host as long as it takes. With `viewAs`, everything is
 * answered as that role would be, and nothing can be changed.
 */
export function createDataClient(clientId: string, viewAs?: RolePerson): ClosableDataClient {
  const viewing = viewAs === undefined ? {} : { viewAs };
  const hub = openChannel<HubMessage, HubMessage>(HUB_CHANNEL);
  const channel = openChannel<HostMessage, ClientMessage>(channelOfClient(clientId));
  const watches = new Map<number, Watch>();
  const requests = new Map<number, PendingRequest>();
  let hostId: string | null = null;
  let nextId = 1;

  function sendRequest(id: number, request: PendingRequest): void {
    request.sent = true;
    channel.post({ t: 'request', id, name: request.name, input: request.input, ...viewing });
  }

  function becomeConnected(newHostId: string): void {
    if (newHostId === hostId) return;
    hostId = newHostId;
    for (const [id, watch] of watches) {
      watch.rows = new Map();
      watch.board = NO_BOARD;
      channel.post({ t: 'watch', id, name: watch.name, query: watch.query, ...viewing });
    }
    for (const [id, request] of requests) {
      if (!request.sent || repeatable.has(request.name)) {
        sendRequest(id, request);
        continue;
      }
      requests.delete(id);
      const message =
        'The local database was restarted while this was being saved. Check whether your change is there.';
      request.reject(new OutpostError('cancelled', message));
    }
  }

  function settle(id: number, answer: DataAnswer<unknown>): void {
    const request = requests.get(id);
    requests.delete(id);
    if (answer.ok) request?.resolve(answer.value);
    else request?.reject(fromErrorData(answer.error));
  }

  function takePatch(message: Extract<HostMessage, { t: 'rows' | 'board' }>): void {
    const watch = watches.get(message.id);
    if (watch === undefined) return;
    if (message.t === 'rows') {
      const next = applyRowsPatch(watch.rows, message.patch);
      watch.rows = next.rows;
      watch.onResult({ ok: true, value: next.result as never });
    } else {
      const next = applyBoardPatch(message.patch, watch.board);
      watch.board = next;
      watch.onResult({ ok: true, value: next.result as never });
    }
  }

  channel.onMessage((message) => {
    if (message.t === 'welcome') becomeConnected(message.hostId);
    else if (message.t === 'answer') settle(message.id, message.answer);
    else if (message.t === 'result') watches.get(message.id)?.onResult(message.answer as DataAnswer<never>);
    else takePatch(message);
  });
  // Held as long as the window lives; only then may the host look at it, or it would take the window for gone.
  const life = Promise.withResolvers<void>();
  void navigator.locks.request(lockOfClient(clientId), () => {
    hub.onMessage((message) => {
      if (message.t === 'host' && message.hostId !== hostId) hub.post({ t: 'hello', clientId });
    });
    hub.post({ t: 'hello', clientId });
    return life.promise;
  });

  return {
    watch(name, query, onResult) {
      const id = nextId;
      nextId += 1;
      watches.set(id, { name, query, onResult, rows: new Map(), board: NO_BOARD });
      if (hostId !== null) channel.post({ t: 'watch', id, name, query, ...viewing });
      return () => {
        if (watches.delete(id) && hostId !== null) channel.post({ t: 'unwatch', id });
      };
    },
    request(name, input) {
      return new Promise((resolve, reject) => {
        const id = nextId;
        nextId += 1;
        const request: PendingRequest = {
          name,
          input,
          resolve: resolve as (value: unknown) => void,
          reject,
          sent: false,
        };
        requests.set(id, request);
        if (hostId !== null) sendRequest(id, request);
      });
    },
    close() {
      // Whoever still watches may stop later; there is nobody left to tell.
      hostId = null;
      watches.clear();
      life.resolve();
      hub.close();
      channel.close();
    },
  };
}
