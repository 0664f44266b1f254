// The connection that only listens. When it is lost, messages are lost with it: so it connects again with growing
// pauses and then tells every listener "something may have happened" (an empty payload).
import type { Client } from 'pg';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;

type OnMessage = (payload: string) => void;

export interface PostgresListener {
  listen(channel: string, onMessage: OnMessage): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

export function createPostgresListener(createClient: () => Client): PostgresListener {
  const listeners = new Map<string, Set<OnMessage>>();
  let client: Client | null = null;
  let connecting: Promise<Client> | null = null;
  let retry: NodeJS.Timeout | null = null;
  let pauseMs = FIRST_PAUSE_MS;
  let isClosed = false;

  function tell(channel: string, payload: string): void {
    for (const listener of listeners.get(channel) ?? []) listener(payload);
  }

  function scheduleReconnect(): void {
    client = null;
    connecting = null;
    if (isClosed || retry !== null) return;
    retry = setTimeout(() => {
      retry = null;
      reconnect().catch(scheduleReconnect);
    }, pauseMs);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }

  async function reconnect(): Promise<void> {
    await connect();
    for (const channel of listeners.keys()) tell(channel, '');
  }

  async function connect(): Promise<Client> {
    const fresh = createClient();
    const onLost = (): void => {
      if (client === fresh || client === null) scheduleReconnect();
    };
    fresh.on('error', onLost);
    fresh.on('end', onLost);
    fresh.on('notification', (message) => tell(message.channel, message.payload ?? ''));
    await fresh.connect();
    for (const channel of listeners.keys()) await fresh.query(`LISTEN ${fresh.escapeIdentifier(channel)}`);
    pauseMs = FIRST_PAUSE_MS;
    client = fresh;
    return fresh;
  }

  return {
    async listen(channel, onMessage) {
      const existing = listeners.get(channel);
      if (existing === undefined) listeners.set(channel, new Set([onMessage]));
      else existing.add(onMessage);
      if (client === null) {
        connecting ??= connect();
        await connecting;
      }
      if (existing === undefined && client !== null) await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
      return async () => {
        listeners.get(channel)?.delete(onMessage);
      };
    },
    async close() {
      isClosed = true;
      if (retry !== null) clearTimeout(retry);
      await client?.end();
    },
  };
}
