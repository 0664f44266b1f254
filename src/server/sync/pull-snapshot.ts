// The snapshot: every visible record in a fixed order of phases, each in key order, so that a place in it is a phase and
// an id. What the user needs first comes first: people and catalog, the own work, then everything else. Records that
// change or move between phases meanwhile are delivered by the log, which begins where the snapshot began.
import type { CollectionName } from '#shared/entities/define-entity.ts';
import type { PullContext } from '#server/sync/pull-context.ts';
import { showsEveryField, toPutJsons } from '#server/sync/pull-items.ts';
import type { Chunk, VisibleRange } from '#server/sync/sync-store.ts';
import type { Position } from '#server/sync/token.ts';

interface Phase {
  readonly coll: CollectionName;
  readonly part: VisibleRange['part'];
}

const phases: readonly Phase[] = [
  { coll: 'people', part: 'all' },
  { coll: 'catalog', part: 'all' },
  { coll: 'tasks', part: 'mine' },
  { coll: 'deals', part: 'mine' },
  { coll: 'contacts', part: 'mine' },
  { coll: 'accounts', part: 'all' },
  { coll: 'contacts', part: 'others' },
  { coll: 'deals', part: 'others' },
  { coll: 'leads', part: 'all' },
  { coll: 'tasks', part: 'others' },
  { coll: 'inbox', part: 'all' },
  { coll: 'reports', part: 'all' },
  { coll: 'activities', part: 'all' },
  { coll: 'messages', part: 'all' },
  { coll: 'files', part: 'all' },
];

type Place = NonNullable<Position['snapshot']>;

export const SNAPSHOT_BEGIN: Place = { phase: 0, afterId: '' };

export interface SnapshotPage {
  readonly itemsJson: string;
  readonly itemCount: number;
  /** Null: that was the last page of the snapshot. */
  readonly next: Place | null;
}

/** Fills a page from as many phases as it takes. */
export async function readSnapshotPage(context: PullContext, from: Place): Promise<SnapshotPage> {
  const parts: string[] = [];
  let itemCount = 0;
  let { phase, afterId } = from;
  while (phase < phases.length) {
    const wanted = context.limit - itemCount;
    if (wanted === 0) return { itemsJson: parts.join(','), itemCount, next: { phase, afterId } };
    const chunk = await readChunk(context, phase, afterId, wanted);
    if (chunk.json !== '') parts.push(chunk.json);
    itemCount += chunk.count;
    if (chunk.count < wanted) {
      phase += 1;
      afterId = '';
    } else afterId = chunk.lastId;
  }
  return { itemsJson: parts.join(','), itemCount, next: null };
}

async function readChunk(context: PullContext, phase: number, afterId: string, limit: number): Promise<Chunk> {
  const { transaction, actor, plan } = context;
  const { coll, part } = phases[phase] ?? { coll: 'files', part: 'all' };
  const range: VisibleRange = { coll, part, userId: actor.userId, afterId, limit };
  if (showsEveryField(actor)) return transaction.readVisibleItems(plan, range);
  const found = await transaction.readVisibleTexts(plan, range);
  const items = await toPutJsons(
    context,
    found.map((row) => ({ ...row, coll })),
  );
  const json = items.filter((item) => item !== null).join(',');
  return { json, count: found.length, lastId: found.at(-1)?.id ?? '' };
}
