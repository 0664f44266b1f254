// Looks over the shoulder of the engine: everything it asks of the server and of the local database passes here unchanged,
// and is noted. So the engine needs to know nothing of a doctor.
import type { HostRequest, ManifestFindings } from '#shared/ipc/host-request.ts';
import { toOutpostError } from '#shared/kernel/errors.ts';
import type { ExchangeKind } from '#shared/doctor/snapshot.ts';
import type { ExchangeLog } from '#main/doctor/exchange-log.ts';
import type { HostLink } from '#main/sync/host-link.ts';
import type { ConnectLive } from '#main/sync/live-socket.ts';
import type { ServerClient } from '#main/sync/server-client.ts';

async function watched<Value>(
  log: ExchangeLog,
  kind: ExchangeKind,
  work: () => Promise<Value>,
  countOf: (value: Value) => number,
  signal?: AbortSignal,
): Promise<Value> {
  const exchange = log.begin(kind);
  try {
    const value = await work();
    exchange.end(countOf(value));
    return value;
  } catch (error) {
    // What was given up on purpose is no failure.
    if (signal?.aborted === true) exchange.giveUp();
    else exchange.fail(toOutpostError(error).code);
    throw error;
  }
}

export interface ManifestProgress {
  readonly done: number;
  readonly total: number;
}

/** The same client. `onManifest` hears how far a comparison is. */
export function watchClient(
  client: ServerClient,
  log: ExchangeLog,
  onManifest: (progress: ManifestProgress) => void,
): ServerClient {
  return {
    ...client,
    async refresh(serverUrl, body) {
      try {
        return await client.refresh(serverUrl, body);
      } catch (error) {
        log.noteError('session', toOutpostError(error).code);
        throw error;
      }
    },
    async push(serverUrl, token, body, signal) {
      const sending = log.noteSending(body.ops.map(({ opId }) => opId));
      try {
        const work = () => client.push(serverUrl, token, body, signal);
        const answer = await watched(log, 'push', work, ({ verdicts }) => verdicts.length, signal);
        sending.answered();
        return answer;
      } catch (error) {
        sending.failed(signal?.aborted === true ? 'cancelled' : toOutpostError(error).code);
        throw error;
      }
    },
    pull(serverUrl, token, body, signal) {
      const work = () => client.pull(serverUrl, token, body, signal);
      return watched(log, 'pull', work, ({ items }) => items.length, signal);
    },
    async manifest(serverUrl, token, body, signal) {
      const work = () => client.manifest(serverUrl, token, body, signal);
      const countOf = ({ ranges }: Awaited<ReturnType<typeof work>>): number =>
        ranges.reduce((sum, { ids }) => sum + ids.length, 0);
      const page = await watched(log, 'manifest', work, countOf, signal);
      onManifest(page.progress);
      return page;
    },
    bodies(serverUrl, token, body, signal) {
      const work = () => client.bodies(serverUrl, token, body, signal);
      return watched(log, 'bodies', work, ({ items }) => items.length, signal);
    },
  };
}

/** Records a request of the engine carries to the local database; null for one that applies nothing. */
function appliedCount(request: HostRequest): number | null {
  if (request.kind === 'applyPage' || request.kind === 'applyManifest') return request.items.length;
  return request.kind === 'applyVerdicts' ? request.verdicts.length : null;
}

/** The same link. `onCompared` hears what a comparison that mends has found. */
export function watchHost(
  host: HostLink,
  log: ExchangeLog,
  onCompared: (findings: ManifestFindings) => void,
): HostLink {
  return {
    ...host,
    async request(request) {
      const count = appliedCount(request);
      if (count !== null)
        return watched(
          log,
          'apply',
          () => host.request(request),
          () => count,
        );
      const value = await host.request(request);
      if (request.kind === 'compareManifest' && !request.onlyLook) onCompared(value as ManifestFindings);
      return value;
    },
  };
}

/** The same connector. */
export function watchLive(connect: ConnectLive, log: ExchangeLog): ConnectLive {
  return (serverUrl, accessToken, events) => {
    log.noteLive('connecting');
    const socket = connect(serverUrl, accessToken, {
      ...events,
      onOpen() {
        log.noteLive('open');
        events.onOpen();
      },
      onClose() {
        log.noteLive('closed');
        events.onClose();
      },
    });
    return {
      close() {
        log.noteLive('closed');
        socket.close();
      },
    };
  };
}
