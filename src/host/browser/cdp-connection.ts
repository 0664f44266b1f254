// The DevTools protocol over Chromium's pipe: one JSON message per NUL byte, answers by id, events by session.
// When the pipe ends every waiting call is refused, so nothing waits for a browser that is gone.
import { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';

type Params = Record<string, unknown>;
interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Params;
  readonly result?: Params;
  readonly error?: { readonly message: string };
  readonly sessionId?: string;
}

/** One attached target; '' is the browser itself. Emits protocol events by their method names. */
export class CdpSession extends EventEmitter {
  readonly sessionId: string;
  private readonly connection: CdpConnection;

  constructor(connection: CdpConnection, sessionId: string) {
    super();
    this.connection = connection;
    this.sessionId = sessionId;
    this.setMaxListeners(0);
  }

  /** Rejects with the protocol's message, or 'Chromium is gone' when the browser ended. */
  send(method: string, params: Params = {}): Promise<Params> {
    return this.connection.call(method, params, this.sessionId);
  }
}

export class CdpConnection {
  readonly browser: CdpSession;
  private readonly output: Writable;
  private readonly sessions = new Map<string, CdpSession>();
  private readonly waiting = new Map<
    number,
    { resolve: (result: Params) => void; reject: (error: Error) => void; method: string }
  >();
  private lastId = 0;
  private isOpen = true;

  constructor(output: Writable, input: Readable) {
    this.output = output;
    this.browser = this.createSession('');
    let rest: Buffer[] = [];
    input.on('data', (chunk: Buffer) => {
      let from = 0;
      for (let end = chunk.indexOf(0, from); end !== -1; end = chunk.indexOf(0, from)) {
        const text = Buffer.concat([...rest, chunk.subarray(from, end)]).toString('utf8');
        rest = [];
        from = end + 1;
        this.receive(JSON.parse(text) as Message);
      }
      if (from < chunk.length) rest.push(chunk.subarray(from));
    });
    input.on('close', () => this.end());
    // A broken pipe is seen as the end of input as well; the error itself tells nothing more.
    output.on('error', () => this.end());
  }

  createSession(sessionId: string): CdpSession {
    const session = new CdpSession(this, sessionId);
    this.sessions.set(sessionId, session);
    return session;
  }

  call(method: string, params: Params, sessionId: string): Promise<Params> {
    if (!this.isOpen) return Promise.reject(new Error(`Chromium is gone (${method})`));
    const id = (this.lastId += 1);
    const text = JSON.stringify(sessionId === '' ? { id, method, params } : { id, method, params, sessionId });
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject, method });
      this.output.write(`${text}\0`);
    });
  }

  private receive(message: Message): void {
    if (message.id === undefined) {
      const session = this.sessions.get(message.sessionId ?? '');
      if (message.method === 'Target.detachedFromTarget') this.dropSession(String(message.params?.['sessionId']));
      if (message.method !== undefined) session?.emit(message.method, message.params ?? {});
      return;
    }
    const call = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (message.error === undefined) call?.resolve(message.result ?? {});
    else call?.reject(new Error(`${call.method}: ${message.error.message}`));
  }

  private dropSession(sessionId: string): void {
    const session = this.sessions.get(sessionId);
    this.sessions.delete(sessionId);
    session?.emit('detached');
  }

  private end(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    for (const { reject, method } of this.waiting.values()) reject(new Error(`Chromium is gone (${method})`));
    this.waiting.clear();
    for (const session of this.sessions.values()) session.emit('detached');
    this.browser.emit('closed');
  }
}
