// The server as a thread of the desktop application: for this computer alone, with the demo company allowed. It says
// where it listens or why it cannot, and stops when it is told to.
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import type { EmbeddedServerData, EmbeddedServerReply, EmbeddedServerRequest } from '#shared/ipc/embedded-server.ts';
import { OutpostError, toErrorData } from '#shared/kernel/errors.ts';
import { mailWishOf, readMailSettings } from '#server/mail/mail-settings.ts';
import { createServer } from '#server/http/create-server.ts';
import { readOperationsSettings } from '#server/observe/operations-settings.ts';
import { describeError } from '#server/log/create-log.ts';

/** Codes of the system for an address that cannot be had. */
const addressCodes: ReadonlySet<unknown> = new Set(['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL']);

function toStartError(error: unknown): OutpostError {
  if (error instanceof OutpostError && error.code !== 'internal') return error;
  if (error instanceof Error && 'code' in error && addressCodes.has(error.code))
    return new OutpostError('address_in_use', 'Another program uses the address of the server on this computer.');
  process.stderr.write(`${JSON.stringify(describeError(error))}\n`);
  return new OutpostError('embedded_server_down', 'The server on this computer could not start.');
}

async function serve(): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error('This file runs as a thread of the application only.');
  const tell = (reply: EmbeddedServerReply): void => port.postMessage(reply);
  const { dataDir, port: wantedPort } = workerData as EmbeddedServerData;
  try {
    const mail = readMailSettings(mailWishOf(process.env));
    const server = await createServer({
      location: { dataDir },
      ...(mail === null ? {} : { mail }),
      host: '127.0.0.1',
      port: wantedPort,
      isDemo: true,
      // The application watches over it; it shares what the application tells of traces and errors. Its backups lie beside the
      // data, where they help against what somebody did and against a damaged database; not against a lost disk.
      operations: {
        ...readOperationsSettings(process.env, join(dataDir, 'outpost-logs')),
        metricsToken: null,
        backup: {
          folder: join(dataDir, 'outpost-backups'),
          key: { kind: 'keyFile', path: join(dataDir, 'outpost-backup.key') },
          most: { count: 7, bytes: 1024 ** 3 },
        },
        hasDailyWork: true,
        dailyWorkAfterMs: 120_000,
        hasAlerts: false,
      },
      logLevel: 'warn',
      logDestination: process.stderr,
    });
    port.once('message', (_request: EmbeddedServerRequest) => {
      void server.close().then(() => port.close());
    });
    // Without its database the thread ends as well; main starts it again.
    void server.database.lost.then((error) => {
      throw error;
    });
    tell({ kind: 'listening', url: server.url });
  } catch (error) {
    tell({ kind: 'failed', error: toErrorData(toStartError(error)) });
    port.close();
  }
}

await serve();
