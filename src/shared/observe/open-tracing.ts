// Traces over OTLP, with the pieces of OpenTelemetry that make and send spans and none that hook into other libraries: what is
// recorded is what this program says. Which traces are kept is decided by their id alone, so both ends of a request decide alike.
import type { SpanStart, Span, SpanFacts, Tracing } from '#shared/observe/tracing.ts';
import { readTraceparent, writeTraceparent } from '#shared/observe/tracing.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { Clock } from '#shared/kernel/ports.ts';

export interface TracingSettings {
  /** Where spans go, with the path: `https://collector.example.com/v1/traces`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly serviceName: string;
  readonly release: string;
  readonly environment: string;
  /** Share of traces that are kept, 0 to 1. */
  readonly ratio: number;
}

const EXPORT_MS = 2_000;
const EXPORT_LIMIT_MS = 10_000;

export async function openTracing(settings: TracingSettings, clock: Clock): Promise<Tracing> {
  const [api, sdk, { resourceFromAttributes }, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/exporter-trace-otlp-http'),
  ]);
  let last: { at: string; isWell: boolean } | null = null;
  const sending = new OTLPTraceExporter({
    url: settings.url,
    headers: { ...settings.headers },
    timeoutMillis: EXPORT_LIMIT_MS,
  });
  const processor = new sdk.BatchSpanProcessor({
    scheduledDelayMillis: EXPORT_MS,
    exporter: {
      export: (spans, done) =>
        sending.export(spans, (result) => {
          last = { at: toInstant(clock.now()), isWell: result.error === undefined };
          done(result);
        }),
      forceFlush: () => sending.forceFlush(),
      shutdown: () => sending.shutdown(),
    },
  });
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({
      'service.name': settings.serviceName,
      'service.version': settings.release,
      'deployment.environment.name': settings.environment,
    }),
    sampler: new sdk.TraceIdRatioBasedSampler(settings.ratio),
    spanProcessors: [processor],
  });
  const tracer = provider.getTracer('outpost', settings.release);
  const kinds = {
    server: api.SpanKind.SERVER,
    client: api.SpanKind.CLIENT,
    internal: api.SpanKind.INTERNAL,
    consumer: api.SpanKind.CONSUMER,
  };

  function contextOf(parent: SpanStart['parent']) {
    const told = readTraceparent(typeof parent === 'object' ? parent?.traceparent : parent);
    if (told === null) return api.ROOT_CONTEXT;
    const { traceId, spanId, isSampled } = told;
    const traceFlags = isSampled ? api.TraceFlags.SAMPLED : api.TraceFlags.NONE;
    return api.trace.setSpanContext(api.ROOT_CONTEXT, {
      traceId,
      spanId,
      traceFlags,
      isRemote: typeof parent === 'string',
    });
  }

  return {
    isOn: true,
    start(name, { kind = 'internal', parent, facts = {} } = {}): Span {
      const span = tracer.startSpan(name, { kind: kinds[kind], attributes: { ...facts } }, contextOf(parent));
      const { traceId, spanId, traceFlags } = span.spanContext();
      const isSampled = (traceFlags & api.TraceFlags.SAMPLED) !== 0;
      return {
        traceId,
        traceparent: writeTraceparent({ traceId, spanId, isSampled }),
        set: (more: SpanFacts) => void span.setAttributes({ ...more }),
        end(failure) {
          if (failure !== undefined)
            span.setStatus({ code: api.SpanStatusCode.ERROR }).setAttribute('error.type', failure);
          span.end();
        },
      };
    },
    lastExport: () => last,
    flush: () => provider.forceFlush(),
    close: () => provider.shutdown(),
  };
}
