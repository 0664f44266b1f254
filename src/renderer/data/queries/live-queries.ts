// Keeps every watched question answered. A change marks the answers that rest on it; they are worked out again once
// per frame, however many changes arrive, and sent only when they differ from what was sent before.
import type { LiveAnswer } from '#shared/query/live-answer.ts';
import type { RecordChange, RecordSource } from '#renderer/data/record-mirror.ts';

export interface LiveQueryRunner {
  /** Calls back at once and after every change of the answer. Returns how to stop. */
  watch(
    answer: () => LiveAnswer<unknown>,
    listener: { readonly onValue: (value: unknown) => void; readonly onError: (error: unknown) => void },
    minIntervalMs?: number,
  ): () => void;
  /** Works out now what is marked, so that whoever wrote something sees it in every answer. */
  flush(): void;
  /** Marks what rests on this id, for answers that are not made of records alone. */
  markId(id: string): void;
  /** Marks everything, e.g. when a day is over. */
  markAll(): void;
  stop(): void;
}

export interface LiveQueryOptions {
  readonly source: RecordSource;
  /** Monotonic: a wall clock that is set back must not hold answers back. */
  readonly nowMs: () => number;
  readonly after: (delayMs: number, task: () => void) => void;
}

const FRAME_MS = 16;

interface Watched {
  readonly answer: () => LiveAnswer<unknown>;
  readonly onValue: (value: unknown) => void;
  readonly onError: (error: unknown) => void;
  readonly minIntervalMs: number;
  /** Null when it failed last: what it rests on is not known then, so that any change asks it again. */
  last: LiveAnswer<unknown> | null;
  /** In words, why it failed last. */
  failure: string | null;
  isMarked: boolean;
  answeredAtMs: number;
}

/** Equal as far as a screen is concerned. Cheap, because unchanged records are the same objects. */
export function isSameAnswer(left: unknown, right: unknown, depth = 8): boolean {
  if (Object.is(left, right)) return true;
  if (depth === 0 || typeof left !== 'object' || typeof right !== 'object' || left === null || right === null)
    return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  if (left instanceof Float64Array) return right instanceof Float64Array && isSameNumbers(left, right);
  const a = left as Readonly<Record<string, unknown>>;
  const b = right as Readonly<Record<string, unknown>>;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && isSameAnswer(a[key], b[key], depth - 1));
}

function isSameNumbers(left: Float64Array, right: Float64Array): boolean {
  return left.length === right.length && left.every((number, place) => Object.is(number, right[place]));
}

export function createLiveQueries(options: LiveQueryOptions): LiveQueryRunner {
  const watched = new Set<Watched>();
  let nextAtMs = Number.POSITIVE_INFINITY;

  function rework(entry: Watched): void {
    entry.isMarked = false;
    entry.answeredAtMs = options.nowMs();
    const { last, failure } = entry;
    try {
      entry.last = entry.answer();
      entry.failure = null;
    } catch (error) {
      // One question that fails must not keep the others from their answers.
      entry.last = null;
      entry.failure = String(error);
      if (entry.failure !== failure) entry.onError(error);
      return;
    }
    // After a failure the screen shows nothing: it gets the answer again, the same or not.
    if (last === null || !isSameAnswer(last.value, entry.last.value)) entry.onValue(entry.last.value);
  }

  /** The nearest moment counts: who waits long keeps nobody else waiting. */
  function schedule(delayMs: number): void {
    const atMs = options.nowMs() + delayMs;
    if (atMs >= nextAtMs) return;
    nextAtMs = atMs;
    options.after(delayMs, () => {
      if (nextAtMs !== atMs) return;
      nextAtMs = Number.POSITIVE_INFINITY;
      flushDue(false);
    });
  }

  function flushDue(isForced: boolean): void {
    const nowMs = options.nowMs();
    let waitMs = Number.POSITIVE_INFINITY;
    for (const entry of watched) {
      if (!entry.isMarked) continue;
      const dueInMs = entry.answeredAtMs + entry.minIntervalMs - nowMs;
      if (dueInMs <= 0 || (isForced && entry.minIntervalMs <= FRAME_MS)) rework(entry);
      else waitMs = Math.min(waitMs, dueInMs);
    }
    if (Number.isFinite(waitMs)) schedule(waitMs);
  }

  function mark(changes: readonly RecordChange[]): void {
    const entities = new Set(changes.map((change) => change.entity));
    let isAny = false;
    for (const entry of watched) {
      const { last } = entry;
      const isTouched =
        last === null ||
        [...last.entities].some((entity) => entities.has(entity)) ||
        changes.some((change) => last.ids.has(change.id));
      if (isTouched) entry.isMarked = true;
      isAny ||= isTouched;
    }
    if (isAny) schedule(0);
  }
  const unsubscribe = options.source.subscribe(mark);

  return {
    watch(answer, { onValue, onError }, minIntervalMs = FRAME_MS) {
      const entry: Watched = {
        answer,
        onValue,
        onError,
        minIntervalMs,
        last: null,
        failure: null,
        isMarked: false,
        answeredAtMs: 0,
      };
      watched.add(entry);
      rework(entry);
      return () => {
        watched.delete(entry);
      };
    },
    flush: () => flushDue(true),
    markId(id) {
      for (const entry of watched) if (entry.last?.ids.has(id) !== false) entry.isMarked = true;
      schedule(0);
    },
    markAll() {
      for (const entry of watched) entry.isMarked = true;
      schedule(0);
    },
    stop() {
      watched.clear();
      unsubscribe();
    },
  };
}
