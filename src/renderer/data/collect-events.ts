// The events a page or an answer of the server raises: what the mirror of the local database changed to while it was
// taken in. A first sync, a resync and a comparison raise none: they bring what was, not what happens.
import { projectionOf, type StoredRecord } from '#renderer/data/local-record.ts';
import type { RecordChange, RecordSource } from '#renderer/data/record-mirror.ts';
import type { LiveEvent } from '#shared/live/live-events.ts';
import { deriveEvents } from '#shared/live/derive-events.ts';

/** A page after weeks away: what is older than the last of these is history. */
const MOST_EVENTS = 200;

function eventsOf({ before, after }: RecordChange, viewerId: string, isAnswer: boolean): readonly LiveEvent[] {
  // The mirror shares the documents of the database.
  const [was, is] = [before as StoredRecord | undefined, after as StoredRecord | undefined];
  return deriveEvents({
    before: was === undefined ? null : projectionOf(was),
    shown: was ?? null,
    after: is === undefined ? null : projectionOf(is),
    viewerId,
    isAnswer,
  });
}

/** Does the work and tells what it meant, in the order in which it happened. */
export async function collectEvents(
  source: RecordSource,
  viewerId: string,
  isAnswer: boolean,
  work: () => Promise<void>,
): Promise<readonly LiveEvent[]> {
  const events: LiveEvent[] = [];
  const stop = source.subscribe((changes) => {
    for (const change of changes) events.push(...eventsOf(change, viewerId, isAnswer));
  });
  try {
    await work();
  } finally {
    stop();
  }
  return events.toSorted((a, b) => (a.at < b.at ? -1 : 1)).slice(-MOST_EVENTS);
}
