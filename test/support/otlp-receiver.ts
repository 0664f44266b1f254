// What a collector would be: takes OTLP over HTTP as JSON, refuses what is not shaped as the protocol says, and keeps the spans.
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';

const AnyValue = Type.Union([
  Type.Object({ stringValue: Type.String() }, { additionalProperties: false }),
  Type.Object(
    { intValue: Type.Union([Type.Integer(), Type.String({ pattern: '^-?\\d+$' })]) },
    { additionalProperties: false },
  ),
  Type.Object({ doubleValue: Type.Number() }, { additionalProperties: false }),
  Type.Object({ boolValue: Type.Boolean() }, { additionalProperties: false }),
]);
const Attributes = Type.Array(Type.Object({ key: Type.String({ minLength: 1 }), value: AnyValue }));
const Nanoseconds = Type.String({ pattern: '^\\d{19}$' });
/** In JSON ids are hexadecimal, unlike other bytes. */
const TraceId = Type.String({ pattern: '^[0-9a-f]{32}$' });
const SpanId = Type.String({ pattern: '^[0-9a-f]{16}$' });
const SpanSchema = Type.Object({
  traceId: TraceId,
  spanId: SpanId,
  parentSpanId: Type.Optional(SpanId),
  name: Type.String({ minLength: 1 }),
  kind: Type.Integer({ minimum: 1, maximum: 5 }),
  startTimeUnixNano: Nanoseconds,
  endTimeUnixNano: Nanoseconds,
  attributes: Attributes,
  status: Type.Object({ code: Type.Integer({ minimum: 0, maximum: 2 }) }),
});
const RequestSchema = Type.Object({
  resourceSpans: Type.Array(
    Type.Object({
      resource: Type.Object({ attributes: Attributes }),
      scopeSpans: Type.Array(
        Type.Object({ scope: Type.Object({ name: Type.String() }), spans: Type.Array(SpanSchema) }),
      ),
    }),
  ),
});

export interface ReceivedSpan extends Pick<
  Static<typeof SpanSchema>,
  'traceId' | 'spanId' | 'parentSpanId' | 'name' | 'kind'
> {
  readonly service: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly failed: boolean;
}

export interface OtlpReceiver {
  readonly url: string;
  readonly spans: ReceivedSpan[];
  /** Everything that came, as text. */
  readonly bodies: string[];
  readonly headers: IncomingMessage['headers'][];
  /** Why something was refused. */
  readonly problems: string[];
  stop(): Promise<void>;
}

function factsOf(attributes: Static<typeof Attributes>): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

function spansOf(request: Static<typeof RequestSchema>): readonly ReceivedSpan[] {
  return request.resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map(({ attributes, status, ...span }) => ({
        ...span,
        service: String(factsOf(resource.attributes)['service.name']),
        facts: factsOf(attributes),
        failed: status.code === 2,
      })),
    ),
  );
}

export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const bodies: string[] = [];
  const headers: IncomingMessage['headers'][] = [];
  const problems: string[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const bytes = Buffer.concat(parts);
      const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString('utf8');
      const body: unknown = JSON.parse(text);
      headers.push(request.headers);
      bodies.push(text);
      const isRight = request.url === '/v1/traces' && request.headers['content-type'] === 'application/json';
      if (isRight && Value.Check(RequestSchema, body)) spans.push(...spansOf(body));
      else problems.push(isRight ? JSON.stringify(Value.Errors(RequestSchema, body).slice(0, 3)) : String(request.url));
      response.writeHead(problems.length === 0 ? 200 : 400, { 'content-type': 'application/json' }).end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    spans,
    bodies,
    headers,
    problems,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
