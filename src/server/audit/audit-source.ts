// From where something is done, known to everything that happens for one request: entries of the audit carry the session,
// the address and the user agent without every function in between handing them on. What a server does by itself has none.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyRequest } from 'fastify';
import type { HttpServer } from '#server/http/http-server.ts';

export interface AuditSource {
  readonly session: string | null;
  /** May name a person: part of what is erased. */
  readonly detail: Readonly<Record<string, string>>;
}

/** A program may send anything there. */
const MOST_CHARACTERS = 200;

const running = new AsyncLocalStorage<() => AuditSource>();

function sourceOf(request: FastifyRequest): AuditSource {
  const agent = request.headers['user-agent'];
  const address = request.ip;
  return {
    session: request.principal?.sessionId ?? null,
    detail: { address, ...(agent === undefined || agent === '' ? {} : { userAgent: toLine(agent) }) },
  };
}

function toLine(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, ' ').slice(0, MOST_CHARACTERS);
}

/** Asked for before the caller was recognised, it knows no session yet. */
function createSource(request: FastifyRequest): () => AuditSource {
  let known: AuditSource | null = null;
  return () => {
    if (known === null || known.session === null) known = sourceOf(request);
    return known;
  };
}

/** Every request from here on says where it comes from. A body that was read comes from elsewhere: then it is said again. */
export function knowSources(app: HttpServer): void {
  const sources = new WeakMap<FastifyRequest, () => AuditSource>();
  const say = (request: FastifyRequest, _reply: unknown, done: () => void): void => {
    const source = sources.get(request) ?? createSource(request);
    sources.set(request, source);
    running.run(source, done);
  };
  app.addHook('onRequest', say);
  app.addHook('preValidation', say);
}

/** Where the request comes from that this is done for; null when there is none. */
export function currentSource(): AuditSource | null {
  return running.getStore()?.() ?? null;
}
