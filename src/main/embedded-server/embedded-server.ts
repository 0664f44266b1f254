// The server that Outpost brings along, run when it is asked for: by the demo company, or by a request of a profile that
// belongs to it. One run at a time. A crash is told and followed by a new start after a delay that grows; meanwhile
// requests hear at once that it is down, so that nobody speaks to another program at its address.
import type { OutpostError } from '#shared/kernel/errors.ts';
import { toOutpostError } from '#shared/kernel/errors.ts';
import type { Clock, Scheduler } from '#shared/kernel/ports.ts';
import type { ServerAddress } from '#main/embedded-server/server-address.ts';
import { serverDown, type ServerThread, type StartThread } from '#main/embedded-server/server-thread.ts';

const BACKOFF_BASE_MS = 1_000;
const BACKOFF_CAP_MS = 60_000;
/** A run of this length was a good one: the next crash is the first again. */
const GOOD_RUN_MS = 60_000;

export interface EmbeddedServer {
  /** Its address once it answers. Throws `embedded_server_down`, `address_in_use`, `directory_in_use`. */
  start(): Promise<string>;
  /** Before a request to this address: starts the server when the address is its own. Throws as `start` does. */
  wake(serverUrl: string): Promise<void>;
  /** Ends it in good order, for good. */
  stop(): Promise<void>;
}

interface EmbeddedServerOptions {
  readonly startThread: StartThread;
  readonly dataDir: string;
  readonly address: ServerAddress;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** It ended by itself. */
  readonly onDown: () => void;
  /** It answers again after that. */
  readonly onUp: () => void;
  readonly log: (message: string, error?: unknown) => void;
}

export function createEmbeddedServer(options: EmbeddedServerOptions): EmbeddedServer {
  const { address, clock, scheduler } = options;
  let running: ServerThread | null = null;
  let starting: Promise<string> | null = null;
  let waiting: { readonly error: OutpostError; cancel(): void } | null = null;
  let failures = 0;
  let hasCrashed = false;
  let isOver = false;

  /** Nothing is started before the delay is over; then by itself after a crash, otherwise by whoever asks next. */
  function backOff(error: OutpostError): void {
    const delayMs = Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** failures);
    failures += 1;
    const timer = scheduler.after(delayMs, () => {
      waiting = null;
      if (hasCrashed) void restart();
    });
    waiting = { error, cancel: () => timer.cancel() };
  }

  async function restart(): Promise<void> {
    try {
      await start();
    } catch {
      // It was told where it happened, and the next delay runs already.
    }
  }

  async function watch(thread: ServerThread, sinceMs: number): Promise<void> {
    const error = await thread.ended;
    running = null;
    if (isOver) return;
    options.log('the embedded server has ended and is started again', error.cause ?? error);
    if (clock.now() - sinceMs >= GOOD_RUN_MS) failures = 0;
    hasCrashed = true;
    backOff(error);
    options.onDown();
  }

  async function launch(): Promise<string> {
    let thread: ServerThread;
    try {
      thread = await options.startThread({ dataDir: options.dataDir, port: address.port() });
    } catch (error) {
      const failure = toOutpostError(error);
      options.log('the embedded server could not start', failure.cause ?? failure);
      if (!isOver) backOff(failure);
      throw failure;
    }
    running = thread;
    address.remember(thread.url);
    void watch(thread, clock.now());
    if (isOver) throw serverDown();
    options.log(`the embedded server answers at ${thread.url}`);
    if (hasCrashed) options.onUp();
    hasCrashed = false;
    return thread.url;
  }

  async function start(): Promise<string> {
    if (isOver) throw serverDown();
    if (running !== null) return running.url;
    if (waiting !== null) throw waiting.error;
    starting ??= launch().finally(() => {
      starting = null;
    });
    return starting;
  }

  return {
    start,
    async wake(serverUrl) {
      if (serverUrl === address.url()) await start();
    },
    async stop() {
      isOver = true;
      waiting?.cancel();
      waiting = null;
      await starting?.catch(() => undefined);
      await running?.stop();
    },
  };
}
