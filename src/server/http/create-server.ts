// The sync server as a whole: opens the database, composes what works on it, listens, and takes everything down in the opposite
// order. Runs in its own process (cli.ts) or inside another one; nothing here knows which.
import type { AddressInfo } from 'node:net';
import { OutpostError } from '#shared/kernel/errors.ts';
import { openAdminChannel, type AdminChannel } from '#server/admin/admin-channel.ts';
import { createAdminWork } from '#server/admin/admin-work.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { systemClock } from '#server/system-ports.ts';
import { openDatabase } from '#server/store/open-database.ts';
import { composeServer } from '#server/http/compose-server.ts';
import { hangUpOn } from '#server/http/hang-up.ts';
import type { HttpServer } from '#server/http/http-server.ts';
import type { ServerOptions } from '#server/http/server-options.ts';

/** Time that running requests get to finish when the server stops. */
const STOP_GRACE_MS = 3_000;

export interface RunningServer {
  readonly url: string;
  readonly app: HttpServer;
  readonly database: SqlDatabase;
  /** Looks which mails of notifications are owed; the server does so by itself. */
  lookAtNotifications(): Promise<void>;
  /** Looks which scheduled reports are due; the server does so by itself. */
  planReports(): Promise<void>;
  /** Goes on with campaigns that are due; the server does so by itself. */
  planCampaigns(): Promise<void>;
  /** Looks what of the installation is over; the server does so by itself. */
  lookAfterPlatform(): Promise<void>;
  /** Looks which daily work is due; the server does so by itself. */
  planDaily(): Promise<void>;
  /** Looks whether rules of alerts are broken; the server does so by itself. */
  lookAtAlerts(): Promise<void>;
  /** Lets words, policies and alerts follow what was written; the server does so by itself. */
  followAudit(): Promise<void>;
  /** Finishes running requests, tells sockets `bye`, closes the database. Calling it again waits for the first call. */
  close(): Promise<void>;
}

function urlOf(address: AddressInfo): string {
  return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
}

async function listen(app: HttpServer, host: string, port: number): Promise<string> {
  await app.listen({ host, port });
  const address = app.server.address();
  if (address === null || typeof address === 'string') throw new OutpostError('internal', 'The server has no address.');
  return urlOf(address);
}

/** Throws `directory_in_use`; the error of a port in use comes as it is (`EADDRINUSE`). */
export async function createServer(options: ServerOptions): Promise<RunningServer> {
  const database = await openDatabase(options.location);
  let app: HttpServer | null = null;
  let channel: AdminChannel | null = null;
  try {
    const composed = await composeServer(database, options);
    app = composed.app;
    if ('dataDir' in options.location)
      channel = await openAdminChannel(
        options.location.dataDir,
        createAdminWork(database, options.clock ?? systemClock, composed.work),
      );
    const hangUp = hangUpOn(app.server);
    const url = await listen(app, options.host ?? '127.0.0.1', options.port);
    const running = app;
    // Nobody waits for it: whoever asks the server is answered first.
    setImmediate(() => {
      void composed.reports.plan();
      void composed.webhooks.begin();
      composed.notices.begin();
      composed.operations.begin();
      void composed.campaigns.begin();
    });
    let closing: Promise<void> | null = null;
    const close = async () => {
      // A caller that never finishes its request, or never hangs up, does not keep the server from stopping.
      const limit = setTimeout(hangUp, STOP_GRACE_MS);
      await channel?.close();
      await running.close();
      clearTimeout(limit);
      await database.close();
    };
    return {
      url,
      app,
      database,
      planReports: () => composed.reports.plan(),
      lookAtNotifications: () => composed.notices.look(),
      planCampaigns: () => composed.campaigns.begin(),
      lookAfterPlatform: () => composed.rounds.look(),
      planDaily: () => composed.operations.planDaily(),
      lookAtAlerts: () => composed.operations.lookAtAlerts(),
      followAudit: () => composed.audit.look(),
      close: () => {
        closing ??= close();
        return closing;
      },
    };
  } catch (error) {
    await channel?.close();
    if (app) await app.close();
    await database.close();
    throw error;
  }
}
