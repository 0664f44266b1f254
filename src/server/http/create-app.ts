// Puts the HTTP side together: one gate for sessions, one shape of errors, one log line per request, limits on what is
// read. Routes come in as functions, so that the same shell serves every group of them.
import compress from '@fastify/compress';
import rateLimit from '@fastify/rate-limit';
import { TypeBoxValidatorCompiler, type TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import websocket from '@fastify/websocket';
import fastify, { LogController, type FastifyBaseLogger } from 'fastify';
import { constants } from 'node:zlib';
import { OutpostError } from '#shared/kernel/errors.ts';
import { knowSources } from '#server/audit/audit-source.ts';
import { chooseCorrelationId, traceRequests } from '#server/http/correlation.ts';
import { describeApi } from '#server/http/describe-api.ts';
import { answerErrorsAsData, BODY_LIMIT_BYTES } from '#server/http/errors.ts';
import { type HttpServer, isLoopback } from '#server/http/http-server.ts';
import { limitByPlatform } from '#server/http/platform-limits.ts';
import { presentAddress } from '#server/http/older-addresses.ts';
import { readOnlyJson } from '#server/http/read-json.ts';
import type { Gate } from '#server/http/gate.ts';
import { requireSession } from '#server/http/require-session.ts';
import { sendSecurityHeaders } from '#server/http/security-headers.ts';
import { LIVE_MESSAGE_LIMIT_BYTES } from '#server/live/live-route.ts';
import type { PlatformFacts } from '#server/platform/platform-facts.ts';
import type { ServerLog } from '#server/log/create-log.ts';
import { traceRoutes } from '#server/observe/trace-requests.ts';
import type { RequestObserver } from '#server/observe/observer.ts';

/** Answers below this size gain less from compression than it costs. */
const COMPRESSION_THRESHOLD_BYTES = 16 * 1024;
const REQUEST_LIMIT_MS = 60_000;
const noHeaders = {
  'x-ratelimit-limit': false,
  'x-ratelimit-remaining': false,
  'x-ratelimit-reset': false,
  'retry-after': false,
};

export interface AppOptions {
  readonly gate: Gate;
  /** Proxies whose word about where a request came from is believed: addresses and ranges. */
  readonly trustProxy: readonly string[];
  readonly log: ServerLog;
  readonly facts: PlatformFacts;
  readonly observer: RequestObserver;
  /** Adds the routes. Called after every hook is in place. */
  readonly addRoutes: (app: HttpServer) => void;
  /** Called when the server begins to stop, before it waits for running requests. */
  readonly onStop: () => Promise<void>;
}

/** Compression pays on a network, not between two processes of one computer. */
function skipCompressionOnLoopback(app: HttpServer): void {
  app.addHook('onRequest', async (request) => {
    if (isLoopback(request.socket.remoteAddress)) request.headers['x-no-compression'] = '1';
  });
}

export async function createApp({
  gate,
  trustProxy,
  log,
  facts,
  observer,
  addRoutes,
  onStop,
}: AppOptions): Promise<HttpServer> {
  const baseLog: FastifyBaseLogger = log;
  const app: HttpServer = fastify({
    loggerInstance: baseLog,
    // Our own line per request says less and more to the point (correlation.ts).
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'correlationId' }),
    requestIdHeader: false,
    trustProxy: trustProxy.length === 0 ? false : [...trustProxy],
    rewriteUrl: (request) => presentAddress(request.url ?? '/'),
    genReqId: (request) => chooseCorrelationId(request.headers),
    bodyLimit: BODY_LIMIT_BYTES,
    // `reports/` is what documents of this API call `reports`.
    routerOptions: { ignoreTrailingSlash: true },
    requestTimeout: REQUEST_LIMIT_MS,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  traceRoutes(app, observer.tracing);
  answerErrorsAsData(app, observer.unexpected);
  sendSecurityHeaders(app);
  traceRequests(app, observer.answered);
  knowSources(app);
  readOnlyJson(app);
  skipCompressionOnLoopback(app);
  app.addHook('preClose', onStop);
  await app.register(websocket, { options: { maxPayload: LIVE_MESSAGE_LIMIT_BYTES, perMessageDeflate: false } });
  await app.register(rateLimit, {
    global: false,
    // The headers tell of the limits of the caller (gate.ts), not of this wall against floods.
    addHeaders: noHeaders,
    addHeadersOnExceeding: noHeaders,
    errorResponseBuilder: (_request, context) =>
      new OutpostError('too_many_attempts', 'Too many requests from this address. Wait, then try again.', {
        retryAfterSeconds: Math.max(1, Math.ceil(context.ttl / 1000)),
      }),
  });
  await app.register(compress, {
    globalDecompression: false,
    threshold: COMPRESSION_THRESHOLD_BYTES,
    encodings: ['gzip', 'br'],
    zlibOptions: { level: 1 },
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } },
  });
  requireSession(app, gate, observer.metricsToken);
  limitByPlatform(app, facts);
  await describeApi(app);
  addRoutes(app);
  return app;
}
