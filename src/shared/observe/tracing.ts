// Spans as the rest of the program knows them. Nothing of a tracing library is loaded where traces go nowhere, and every call then
// costs nothing. What a span may carry is like a log line: names of this program, ids, numbers.

export type SpanFacts = Readonly<Record<string, string | number | boolean>>;

export interface Span {
  /** For the header of a request or the envelope of a job; null when nothing is recorded. */
  readonly traceparent: string | null;
  readonly traceId: string | null;
  set(facts: SpanFacts): void;
  /** `failure`: a code, when it went wrong. */
  end(failure?: string): void;
}

export interface SpanStart {
  readonly kind?: 'server' | 'client' | 'internal' | 'consumer';
  /** A span, or what stood in a header; absent: a trace of its own. */
  readonly parent?: Span | string | null;
  readonly facts?: SpanFacts;
}

export interface Tracing {
  readonly isOn: boolean;
  start(name: string, start?: SpanStart): Span;
  /** What became of the last export; null as long as there was none. */
  readonly lastExport: () => { readonly at: string; readonly isWell: boolean } | null;
  /** Everything that ended has been sent, or could not be. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

const noSpan: Span = { traceparent: null, traceId: null, set: () => undefined, end: () => undefined };

export const noTracing: Tracing = {
  isOn: false,
  start: () => noSpan,
  lastExport: () => null,
  flush: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

export interface TraceParent {
  readonly traceId: string;
  readonly spanId: string;
  readonly isSampled: boolean;
}

/** The header of W3C trace context; null for what is none. */
export function readTraceparent(text: unknown): TraceParent | null {
  const found = typeof text === 'string' ? TRACEPARENT.exec(text) : null;
  const [, traceId = '', spanId = '', flags = '00'] = found ?? [];
  if (found === null || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return null;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

export function writeTraceparent({ traceId, spanId, isSampled }: TraceParent): string {
  return `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;
}
