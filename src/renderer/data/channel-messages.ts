// What windows and the data host say to each other over BroadcastChannel. Everybody meets on the hub; each client then
// has a channel of its own, so that a window never has to look at the rows of another one.
import type { RolePerson } from '#shared/access/actor-of-role.ts';
import type { BoardPatch } from '#renderer/data/board-patch.ts';
import type { DataAnswer, LiveName, LocalRecord, RequestName } from '#renderer/data/data-contract.ts';
import type { Labels } from '#shared/query/live-answer.ts';

export const HUB_CHANNEL = 'outpost-data';

export function channelOfClient(clientId: string): string {
  return `${HUB_CHANNEL}:${clientId}`;
}

/** Held by a window as long as it lives; the data host waits for it to learn that the window is gone. */
export function lockOfClient(clientId: string): string {
  return `${HUB_CHANNEL}-client:${clientId}`;
}

export type HubMessage =
  /** A window looks for the data host. */
  | { readonly t: 'hello'; readonly clientId: string }
  /** The data host started, or started again. */
  | { readonly t: 'host'; readonly hostId: string };

/** Set by a window that shows the application as a role: everything it asks is answered as that role would be. */
interface Viewing {
  readonly viewAs?: RolePerson;
}

export type ClientMessage =
  | ({ readonly t: 'watch'; readonly id: number; readonly name: LiveName; readonly query: unknown } & Viewing)
  | { readonly t: 'unwatch'; readonly id: number }
  | ({ readonly t: 'request'; readonly id: number; readonly name: RequestName; readonly input: unknown } & Viewing);

/** A window of rows, of which only those that are new to the receiver are sent in full. */
export interface RowsPatch {
  readonly ids: readonly string[];
  readonly fresh: readonly LocalRecord[];
  readonly total: number;
  readonly labels: Labels;
}

export type HostMessage =
  | { readonly t: 'welcome'; readonly hostId: string }
  | { readonly t: 'result'; readonly id: number; readonly answer: DataAnswer<unknown> }
  | { readonly t: 'rows'; readonly id: number; readonly patch: RowsPatch }
  | { readonly t: 'board'; readonly id: number; readonly patch: BoardPatch }
  | { readonly t: 'answer'; readonly id: number; readonly answer: DataAnswer<unknown> };

/** A named channel between windows of one origin. */
export interface ChannelPort<Incoming, Outgoing> {
  post(message: Outgoing): void;
  close(): void;
  onMessage(listener: (message: Incoming) => void): void;
}

export function openChannel<Incoming, Outgoing>(name: string): ChannelPort<Incoming, Outgoing> {
  const channel = new BroadcastChannel(name);
  return {
    post: (message) => channel.postMessage(message),
    close: () => channel.close(),
    onMessage: (listener) => {
      channel.onmessage = (event: MessageEvent<Incoming>) => listener(event.data);
    },
  };
}
