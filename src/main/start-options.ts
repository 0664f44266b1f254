import { normalizeServerUrl } from '#main/sync/server-url.ts';

export interface StartOptions {
  /** A server to try the demo company on, instead of the embedded one. */
  readonly serverUrl: string | null;
  /** The application may start a server of its own. */
  readonly hasEmbeddedServer: boolean;
  /** For machines without keychain and without a person: tests and automation. */
  readonly passphrase: string | null;
  readonly devFeedUrl: string | null;
  /** Closing the last window ends the application instead of leaving it in the tray. */
  readonly hasTray: boolean;
}

/** Reads arguments and environment. Throws `invalid` for an address that is none. */
export function readStartOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): StartOptions {
  const prefix = '--server-url=';
  const server = args.find((arg) => arg.startsWith(prefix));
  return {
    serverUrl: server === undefined ? null : normalizeServerUrl(server.slice(prefix.length)),
    hasEmbeddedServer: !args.includes('--no-server'),
    passphrase: env['OUTPOST_PASSPHRASE'] ?? null,
    devFeedUrl: env['OUTPOST_UPDATE_FEED'] ?? null,
    hasTray: !args.includes('--no-tray'),
  };
}
