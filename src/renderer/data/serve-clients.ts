// The data host's end of the channels: it greets windows, carries their questions to the service, and forgets a window
// when the lock that the window holds becomes free.
import {
  channelOfClient,
  HUB_CHANNEL,
  lockOfClient,
  openChannel,
  type ClientMessage,
  type HostMessage,
  type HubMessage,
} from '#renderer/data/channel-messages.ts';
import { toBoardPatch } from '#renderer/data/board-patch.ts';
import type { BoardResult, DataAnswer, ListResult, LiveName, LocalRecord } from '#renderer/data/data-contract.ts';
import type { DataService } from '#renderer/data/data-service.ts';
import { toErrorData } from '#shared/kernel/errors.ts';

const rowNames: ReadonlySet<LiveName> = new Set(['list', 'changedSince']);

interface Client {
  close(): void;
}

/** Turns answers of a list into patches: a row is sent once, and again only when it changed. */
function createRowSender(send: (message: HostMessage) => void, id: number): (answer: DataAnswer<unknown>) => void {
  let sent = new Map<string, LocalRecord>();
  return (answer) => {
    if (!answer.ok) {
      sent = new Map();
      send({ t: 'result', id, answer });
      return;
    }
    const { rows, total, labels } = answer.value as ListResult;
    const fresh = rows.filter((row) => sent.get(row.id) !== row);
    sent = new Map(rows.map((row) => [row.id, row]));
    send({ t: 'rows', id, patch: { ids: rows.map((row) => row.id), fresh, total, labels } });
  };
}

/** The same for a board. */
function createBoardSender(send: (message: HostMessage) => void, id: number): (answer: DataAnswer<unknown>) => void {
  let sent: ReadonlyMap<string, LocalRecord> = new Map();
  return (answer) => {
    if (!answer.ok) {
      sent = new Map();
      send({ t: 'result', id, answer });
      return;
    }
    const next = toBoardPatch(answer.value as BoardResult, sent);
    sent = next.sent;
    send({ t: 'board', id, patch: next.patch });
  };
}

function serveClient(service: DataService, clientId: string, hostId: string): Client {
  const channel = openChannel<ClientMessage, HostMessage>(channelOfClient(clientId));
  const stops = new Map<number, () => void>();
  const send = (message: HostMessage): void => channel.post(message);

  async function answerRequest(message: Extract<ClientMessage, { t: 'request' }>): Promise<void> {
    let answer: DataAnswer<unknown>;
    try {
      answer = { ok: true, value: await service.request(message.name, message.input, message.viewAs) };
    } catch (error) {
      answer = { ok: false, error: toErrorData(error) };
    }
    send({ t: 'answer', id: message.id, answer });
  }

  function createSender(name: LiveName, id: number): (answer: DataAnswer<unknown>) => void {
    if (rowNames.has(name)) return createRowSender(send, id);
    if (name === 'board') return createBoardSender(send, id);
    return (answer) => send({ t: 'result', id, answer });
  }

  function watch(message: Extract<ClientMessage, { t: 'watch' }>): void {
    stops.get(message.id)?.();
    const { id, name, query, viewAs } = message;
    stops.set(id, service.watch(name, query, createSender(name, id), viewAs));
  }

  channel.onMessage((message) => {
    if (message.t === 'watch') watch(message);
    else if (message.t === 'unwatch') {
      stops.get(message.id)?.();
      stops.delete(message.id);
    } else void answerRequest(message);
  });
  send({ t: 'welcome', hostId });
  return {
    close() {
      for (const stop of stops.values()) stop();
      stops.clear();
      channel.close();
    },
  };
}

/** Serves every window of the origin until the returned function is called. */
export function serveClients(service: DataService, hostId: string): () => void {
  const hub = openChannel<HubMessage, HubMessage>(HUB_CHANNEL);
  const clients = new Map<string, Client>();
  const stopping = new AbortController();

  async function forgetWhenGone(clientId: string): Promise<void> {
    try {
      await navigator.locks.request(lockOfClient(clientId), { signal: stopping.signal }, () => {
        clients.get(clientId)?.close();
        clients.delete(clientId);
      });
    } catch (error) {
      if (!stopping.signal.aborted) throw error;
    }
  }

  hub.onMessage((message) => {
    if (message.t !== 'hello' || clients.has(message.clientId)) return;
    clients.set(message.clientId, serveClient(service, message.clientId, hostId));
    void forgetWhenGone(message.clientId);
  });
  hub.post({ t: 'host', hostId });
  return () => {
    stopping.abort();
    hub.close();
    for (const client of clients.values()) client.close();
  };
}
